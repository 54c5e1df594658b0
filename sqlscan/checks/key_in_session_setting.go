package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed key_in_session_setting.md
var keyInSessionSettingPage string

var keyInSessionSetting = &rules.Rule{
	ID: "PHI604", Slug: "key-in-session-setting", Title: "encryption key is read from a session variable",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.Encryption},
	CWE:       []int{522}, Help: keyInSessionSettingPage,
}

func checkKeySettings(p *Pass) {
	for _, c := range p.callsOf() {
		if !keyed[funcName(c.f)] || len(c.f.Args) < 2 {
			continue
		}
		arg, _ := c.key()
		key := arg.GetFuncCall()
		if funcName(key) != "current_setting" || len(key.Args) == 0 {
			continue
		}
		p.Report(keyInSessionSetting, Note{At: c.at(), Object: funcName(c.f) + " " + literal(key.Args[0])}, "%s takes its key from %s", funcName(c.f), variable(literal(key.Args[0])))
	}
}
