package auditlog

import "github.com/phivet/phivet/sqlscan/internal/settings"

// Prefixes returns the values of log_line_prefix in a configuration file of the
// server, for Options.Candidates.
func Prefixes(name string, content []byte) []string {
	var out []string
	for _, a := range settings.Parse(name, content).Assignments {
		if a.Name == "log_line_prefix" && a.Value != "" {
			out = append(out, a.Value)
		}
	}
	return out
}
