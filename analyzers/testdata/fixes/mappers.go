package fixes

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"gorm.io/gorm"

	"clinic.example/testdata/model"
)

func where(db *gorm.DB, p model.Patient) *gorm.DB {
	var ps []model.Patient
	return db.Where("ssn = '" + p.SSN + "'").Find(&ps) // want "PHI101"
}

func whereBefore(db *gorm.DB, p model.Patient, ward string) *gorm.DB {
	var ps []model.Patient
	return db.Where("ssn = '"+p.SSN+"' AND ward = ?", ward).Find(&ps) // want "PHI101"
}

func whereBehind(db *gorm.DB, p model.Patient, ward string) *gorm.DB {
	var ps []model.Patient
	return db.Where("ward = ? AND ssn = '"+p.SSN+"'", ward).Find(&ps) // want "PHI101"
}

func rawText(db *gorm.DB, p model.Patient) *gorm.DB {
	return db.Raw(fmt.Sprintf("SELECT * FROM patients WHERE ssn = '%s' AND last_name LIKE '%%%s'", p.SSN, p.LastName)) // want "PHI101"
}

func inlineCondition(db *gorm.DB, p model.Patient) *gorm.DB {
	return db.First(&p, "ssn = '"+p.SSN+"'") // want "PHI101"
}

func pool(ctx context.Context, pool *pgxpool.Pool, p model.Patient) (pgx.Rows, error) {
	return pool.Query(ctx, fmt.Sprintf("SELECT id FROM patients WHERE ssn = '%s' AND id <> $1", p.SSN), p.ID) // want "PHI101"
}

func batch(b *pgx.Batch, p model.Patient) {
	b.Queue("UPDATE patients SET ssn = '" + p.SSN + "'") // want "PHI101"
}

func get(db *sqlx.DB, p model.Patient) error {
	var found model.Patient
	return db.Get(&found, "SELECT * FROM patients WHERE ssn = '"+p.SSN+"'") // want "PHI101"
}

func namedQuery(db *sqlx.DB, p model.Patient) (*sqlx.Rows, error) {
	return db.NamedQuery("SELECT * FROM patients WHERE ssn = '"+p.SSN+"' AND id = :id", p) // no fix: the arguments are one struct // want "PHI101"
}

func mode(ctx context.Context, pool *pgxpool.Pool, p model.Patient) (pgx.Rows, error) {
	return pool.Query(ctx, "SELECT id FROM patients WHERE ssn = '"+p.SSN+"'", pgx.QueryExecModeExec) // no fix: an argument is none // want "PHI101"
}
