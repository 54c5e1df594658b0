package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed archive_unencrypted.md
var archiveUnencryptedPage string

var archiveUnencrypted = &rules.Rule{
	ID: "PHI716", Slug: "archive-unencrypted", Title: "write-ahead log is archived in clear",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.DataBackup, hipaa.Encryption},
	CWE:       []int{311}, Help: archiveUnencryptedPage,
}
