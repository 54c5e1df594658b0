// Package billing sends claims to insurers. It predates the move to pgx pools
// and still speaks database/sql.
package billing

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"text/template"

	"example.com/clinic/internal/postgres"
)

// Claim is one row of app.claims.
type Claim struct {
	ID             string
	PatientID      string
	SubscriberName string
	MemberNumber   string
	Diagnosis      string
	AmountCents    int64
}

// Ledger reads and writes app.claims.
type Ledger struct {
	db *sql.DB
}

// NewLedger returns a ledger on the database.
func NewLedger(db *sql.DB) *Ledger { return &Ledger{db: db} }

var byMember = template.Must(template.New("claims").Parse(
	`SELECT id, patient_id, subscriber_name, member_number, diagnosis, amount_cents
	FROM app.claims WHERE member_number = '{{.MemberNumber}}'`))

// ByMember returns the claims of one insurance member.
func (l *Ledger) ByMember(ctx context.Context, memberNumber string) ([]Claim, error) {
	var query bytes.Buffer
	if err := byMember.Execute(&query, Claim{MemberNumber: memberNumber}); err != nil {
		return nil, fmt.Errorf("claims of a member: %w", err)
	}
	rows, err := l.db.QueryContext(ctx, query.String())
	if err != nil {
		return nil, fmt.Errorf("claims of a member: %w", err)
	}
	defer rows.Close()
	var claims []Claim
	for rows.Next() {
		var c Claim
		if err := rows.Scan(&c.ID, &c.PatientID, &c.SubscriberName, &c.MemberNumber, &c.Diagnosis, &c.AmountCents); err != nil {
			return nil, errors.New("claims of a member: row does not match")
		}
		claims = append(claims, c)
	}
	return claims, rows.Err()
}

// Submit stores a claim.
func (l *Ledger) Submit(ctx context.Context, c Claim) error {
	_, err := l.db.ExecContext(ctx, `
		INSERT INTO app.claims (patient_id, subscriber_name, member_number, diagnosis, amount_cents)
		VALUES ($1, $2, $3, $4, $5)`,
		c.PatientID, c.SubscriberName, c.MemberNumber, c.Diagnosis, c.AmountCents)
	if err != nil {
		log.Println("submit claim:", err)
		return errors.New("submit claim: database error")
	}
	log.Printf("claim submitted: %+v", c)
	return nil
}

// Cancel withdraws a claim that the insurer has not paid.
func (l *Ledger) Cancel(ctx context.Context, id string) error {
	_, err := l.db.ExecContext(ctx, "DELETE FROM app.claims WHERE id = $1 AND paid_at IS NULL", id)
	if err != nil {
		state, _ := postgres.Code(err)
		log.Printf("cancel claim %s: SQLSTATE %s", id, state)
		return errors.New("cancel claim: database error")
	}
	log.Printf("claim %s cancelled", id) //phivet:ignore PHI201
	return nil
}

// SubscriberClaims counts the open claims of a subscriber.
func (l *Ledger) SubscriberClaims(ctx context.Context, subscriberName string) (int, error) {
	return l.count(ctx, "subscriber_name = '"+subscriberName+"' AND paid_at IS NULL")
}

// OpenClaims counts the claims that are not paid.
func (l *Ledger) OpenClaims(ctx context.Context) (int, error) {
	return l.count(ctx, "paid_at IS NULL")
}

func (l *Ledger) count(ctx context.Context, condition string) (n int, err error) {
	err = l.db.QueryRowContext(ctx, "SELECT count(*) FROM app.claims WHERE "+condition).Scan(&n)
	return n, err
}
