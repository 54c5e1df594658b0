package phisql

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed phi_in_sql_metadata.md
var phiInSQLMetadataPage string

var phiInSQLMetadata = &rules.Rule{
	ID:        "PHI103",
	Slug:      "phi-in-sql-metadata",
	Title:     "PHI becomes a name, comment or label in SQL",
	Severity:  rules.High,
	Since:     "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls, hipaa.MinimumNecessary},
	CWE:       []int{200, 532},
	Help:      phiInSQLMetadataPage,
}
