package checks

import (
	_ "embed"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

//go:embed encryption_option_unknown.md
var encryptionOptionUnknownPage string

var encryptionOptionUnknown = &rules.Rule{
	ID: "PHI609", Slug: "encryption-option-unknown", Title: "option that PostgreSQL does not have is to encrypt",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.Encryption},
	CWE:       []int{311}, Help: encryptionOptionUnknownPage,
}

func checkEncryptionOptions(p *Pass) {
	for _, s := range p.Catalog.Statements {
		switch {
		case s.Node.GetCreateTableSpaceStmt() != nil:
			n := s.Node.GetCreateTableSpaceStmt()
			p.checkOptions(s, "tablespace "+n.Tablespacename, n.Options)
		case s.Node.GetAlterTableSpaceOptionsStmt() != nil:
			n := s.Node.GetAlterTableSpaceOptionsStmt()
			p.checkOptions(s, "tablespace "+n.Tablespacename, n.Options)
		case s.Node.GetCreateStmt() != nil:
			n := s.Node.GetCreateStmt()
			p.checkOptions(s, "table "+n.GetRelation().GetRelname(), n.Options)
		case s.Node.GetCreatedbStmt() != nil:
			n := s.Node.GetCreatedbStmt()
			p.checkOptions(s, "database "+n.Dbname, n.Options)
		}
	}
}

func (p *Pass) checkOptions(s *catalog.Statement, what string, options []*pgparse.Node) {
	for _, o := range options {
		name := strings.ToLower(o.GetDefElem().GetDefname())
		if strings.Contains(name, "encrypt") || name == "tde" || strings.HasPrefix(name, "cipher") {
			p.Report(encryptionOptionUnknown, Note{At: s.Head(), Object: what + " " + name}, "%s has the option %s, which PostgreSQL does not know", what, name)
		}
	}
}
