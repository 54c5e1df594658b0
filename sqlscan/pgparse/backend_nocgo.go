//go:build !cgo

package pgparse

import (
	"github.com/wasilibs/go-pgquery/parser"
)

type backendError = parser.Error

func backendParse(sql string) ([]byte, error) { return parser.ParseToProtobuf(sql) }

func backendScan(sql string) ([]byte, error) { return parser.ScanToProtobuf(sql) }

func backendPLpgSQL(sql string) (string, error) { return parser.ParsePlPgSqlToJSON(sql) }

func backendFingerprint(sql string) (string, error) { return parser.FingerprintToHexStr(sql) }
