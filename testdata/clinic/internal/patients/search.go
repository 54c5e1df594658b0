package patients

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"example.com/clinic/internal/postgres"
)

// sortColumns are the orders that the front desk may ask for.
var sortColumns = map[string]string{
	"name": "last_name, first_name",
	"born": "birth_date",
}

// Search returns the patients that match the filter.
func (s *Store) Search(ctx context.Context, f Filter) ([]Patient, error) {
	var where postgres.Where
	if f.LastName != "" {
		where.Add("last_name", "ILIKE", f.LastName+"%")
	}
	if f.FirstName != "" {
		where.Add("first_name", "ILIKE", f.FirstName+"%")
	}
	if !f.BornAfter.IsZero() {
		where.Add("birth_date", ">", f.BornAfter)
	}
	order, ok := sortColumns[f.SortBy]
	if !ok {
		order = sortColumns["name"]
	}
	query := "SELECT " + patientColumns + " FROM app.patients" + where.SQL() +
		" ORDER BY " + order + fmt.Sprintf(" LIMIT %d OFFSET %d", f.Limit, f.Offset)
	rows, err := s.pool.Query(ctx, query, where.Args()...)
	if err != nil {
		return nil, fmt.Errorf("search patients: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Patient])
	s.log.DebugContext(ctx, "patients found", "conditions", len(where.Args()), "rows", len(found))
	return found, err
}

// Suggest serves the name box of the front desk while somebody types.
func (s *Store) Suggest(ctx context.Context, f Filter) ([]string, error) {
	var b strings.Builder
	b.WriteString("SELECT last_name || ', ' || first_name FROM app.patients WHERE active")
	if f.LastName != "" {
		b.WriteString(" AND last_name ILIKE '" + f.LastName + "%'")
	}
	if f.Phone != "" {
		fmt.Fprintf(&b, " AND phone = '%s'", f.Phone)
	}
	fmt.Fprintf(&b, " LIMIT %d", f.Limit)
	rows, err := s.pool.Query(ctx, b.String())
	if err != nil {
		return nil, fmt.Errorf("suggest patients: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
