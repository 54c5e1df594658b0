package settings

import "github.com/phivet/phivet/rules"

// table lists per setting what is wrong. Severities are those of the rules
// where a value does the whole damage, lower where it does less.
//
// What a row says was tried on PostgreSQL 15 and 17. log_duration is not here:
// without log_min_duration_statement it logs how long something took, and
// neither the statement nor its parameters.
var table = map[string][]judgement{
	"shared_preload_libraries":   {{"PHI701", rules.High, withoutAudit}},
	"pgaudit.log_parameter":      {{"PHI703", rules.Critical, isOn("pgaudit.log_parameter is on: values of parameters go to the log")}},
	"pgaudit.log_client":         {{"PHI705", rules.High, isOn("pgaudit.log_client is on: audit lines go to clients")}},
	"pgaudit.log_statement":      {{"PHI702", rules.Medium, isOff("pgaudit.log_statement is off: audit lines lack the statement")}},
	"pgaudit.log_statement_once": {{"PHI702", rules.Info, isOn("pgaudit.log_statement_once is on: later lines of a statement lack its text")}},
	"pgaudit.log_catalog":        {{"PHI702", rules.Info, isOn("pgaudit.log_catalog is on: queries on system catalogs fill the audit log")}},
	"pgaudit.log_rows":           {{"PHI702", rules.Info, isOff("pgaudit.log_rows is off: audit lines do not tell how many rows were read")}},
	"pgaudit.log_relation":       {{"PHI718", rules.Info, noNames}},

	"log_statement": {
		{"PHI706", rules.High, unlessParameters(oneOf("log_statement is %s: values in statements go to the log", "all", "mod"))},
		{"PHI707", rules.Medium, passwordsOnly("log_statement is %s: statements that set passwords go to the log")},
	},
	"pg_stat_statements.track_utility": {{"PHI707", rules.Low, isOn("pg_stat_statements.track_utility is on: statements that set passwords are kept")}},

	"log_min_duration_statement":        {{"PHI706", rules.High, unlessParameters(notNegative("log_min_duration_statement logs slow statements with their values"))}},
	"log_min_duration_sample":           {{"PHI706", rules.High, unlessParameters(sampled("log_min_duration_sample logs statements with their values"))}},
	"log_transaction_sample_rate":       {{"PHI706", rules.High, unlessParameters(positive("log_transaction_sample_rate logs statements with their values"))}},
	"log_min_error_statement":           {{"PHI706", rules.Medium, oneOf("log_min_error_statement is %s: more statements than failed ones are logged", "debug5", "debug4", "debug3", "debug2", "debug1", "debug", "info", "notice", "warning")}},
	"log_parameter_max_length_on_error": {{"PHI706", rules.High, notZero("log_parameter_max_length_on_error logs parameters of failed statements")}},
	"auto_explain.log_min_duration":     {{"PHI706", rules.High, notNegative("auto_explain.log_min_duration logs statements with their values")}},
	"auto_explain.log_parameter_max_length": {
		{"PHI706", rules.High, explained(notZero("auto_explain.log_parameter_max_length logs parameters beside the plan"))},
	},
	"debug_print_parse":     {{"PHI706", rules.High, isOn("debug_print_parse is on: parse trees with values go to the log")}},
	"debug_print_rewritten": {{"PHI706", rules.High, isOn("debug_print_rewritten is on: parse trees with values go to the log")}},
	"debug_print_plan":      {{"PHI706", rules.High, isOn("debug_print_plan is on: plans with values go to the log")}},

	"log_destination":     {{"PHI720", rules.Info, carriesDetail}},
	"log_error_verbosity": {{"PHI720", rules.Info, oneOf("log_error_verbosity is %s: errors are logged with DETAIL and CONTEXT", "verbose")}},

	"log_connections":    {{"PHI708", rules.Low, logsOff("log_connections is off")}},
	"log_disconnections": {{"PHI708", rules.Low, logsOff("log_disconnections is off")}},
	"log_line_prefix":    {{"PHI708", rules.Low, poorPrefix}},
	"logging_collector":  {{"PHI708", rules.Info, isOff("logging_collector is off: messages may be lost")}},
	"log_lock_waits":     {{"PHI708", rules.Info, isOff("log_lock_waits is off")}},
	"log_file_mode":      {{"PHI709", rules.Medium, wideMode}},
	"log_directory":      {{"PHI709", rules.Medium, publicDirectory}},
	"log_truncate_on_rotation": {
		{"PHI533", rules.Medium, overwrites},
	},

	"ssl":                      {{"PHI710", rules.High, serverOnly(isOff("ssl is off: connections are not encrypted"))}},
	"ssl_min_protocol_version": {{"PHI711", rules.High, oneOf("ssl_min_protocol_version allows TLS before 1.2", "", "tlsv1", "tlsv1.1")}},
	"ssl_max_protocol_version": {{"PHI711", rules.High, oneOf("ssl_max_protocol_version allows no TLS from 1.2 on", "tlsv1", "tlsv1.1")}},
	"ssl_ciphers":              {{"PHI711", rules.High, weakCiphers}},
	"listen_addresses":         {{"PHI714", rules.Info, oneOf("listen_addresses is *: the server listens on every interface", "*", "0.0.0.0", "::", "*,::", "0.0.0.0,::")}},
	"password_encryption":      {{"PHI606", rules.High, oneOf("password_encryption is %s: passwords are kept weakly", "md5", "on", "off", "true", "false", "plain")}},

	"idle_session_timeout":                {{"PHI715", rules.Medium, kept(zero("idle_session_timeout is 0: idle sessions never end"))}},
	"idle_in_transaction_session_timeout": {{"PHI715", rules.Medium, kept(zero("idle_in_transaction_session_timeout is 0: idle transactions never end"))}},
	"archive_command":                     {{"PHI716", rules.Medium, plainArchive}},
	"archive_library":                     {{"PHI716", rules.Medium, oneOf("archive_library is %s: WAL is copied, not encrypted", "basic_archive")}},

	// What hosting services add, by the names that their parameter groups and
	// resources use.
	"rds.force_ssl":                    {{"PHI710", rules.High, isOff("rds.force_ssl is off: connections without TLS are accepted")}},
	"require_secure_transport":         {{"PHI710", rules.High, isOff("require_secure_transport is off: connections without TLS are accepted")}},
	"ssl_enforcement_enabled":          {{"PHI710", rules.High, isOff("ssl_enforcement_enabled is off: connections without TLS are accepted")}},
	"require_ssl":                      {{"PHI710", rules.High, isOff("require_ssl is off: connections without TLS are accepted")}},
	"ssl_mode":                         {{"PHI710", rules.High, oneOf("ssl_mode accepts connections without TLS", "allow_unencrypted_and_encrypted", "disable", "allow", "prefer")}},
	"ssl_minimal_tls_version_enforced": {{"PHI711", rules.High, oneOf("ssl_minimal_tls_version_enforced allows TLS before 1.2", "tls1_0", "tls1_1", "tlsenforcementdisabled")}},
	"authorized_networks":              {{"PHI714", rules.Medium, oneOf("authorized_networks lets every address in", "0.0.0.0/0", "::/0")}},
}

// since is the major release that brought a setting, for those that some
// supported or lately supported release does not know. A server that does not
// know a setting refuses to start with it, so what it would mean is no matter,
// and its absence is no choice.
var since = map[string]int{
	"log_transaction_sample_rate": 12, "ssl_min_protocol_version": 12, "ssl_max_protocol_version": 12,
	"log_min_duration_sample": 13, "log_parameter_max_length": 13, "log_parameter_max_length_on_error": 13,
	"idle_session_timeout":                  14,
	"archive_library":                       15,
	"auto_explain.log_parameter_max_length": 16,
}

// Exists reports whether a major release knows a setting; 0 is any release.
func Exists(name string, major int) bool { return major == 0 || since[name] <= major }
