package main

import (
	"strings"
	"testing"
)

const (
	passing = `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"--- PASS: TestA\n"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Output":"PASS\n"}
{"Action":"output","Package":"p","Output":"ok  \tp\t0.1s\n"}
{"Action":"pass","Package":"p"}
`
	failing = `{"Action":"output","Package":"q","Test":"TestB","Output":"    q_test.go:7: got 1\n"}
{"Action":"fail","Package":"q","Test":"TestB"}
{"Action":"output","Package":"q","Output":"FAIL\tq\t0.1s\n"}
{"Action":"fail","Package":"q"}
`
	skipping = `{"Action":"output","Package":"r","Test":"TestC","Output":"    r_test.go:3: no server\n"}
{"Action":"skip","Package":"r","Test":"TestC"}
{"Action":"pass","Package":"r"}
`
	optional = `{"Action":"output","Package":"r","Test":"TestD","Output":"    r_test.go:9: opt-in: no data\n"}
{"Action":"skip","Package":"r","Test":"TestD"}
`
	broken = `{"ImportPath":"s","Action":"build-output","Output":"s.go:1: syntax error\n"}
{"Action":"output","Package":"s","Output":"FAIL\ts [build failed]\n"}
{"Action":"fail","Package":"s"}
`
)

func TestSummarize(t *testing.T) {
	tests := []struct {
		name, in string
		strict   bool
		ok       bool
		want     string
	}{
		{"passing", passing, true, true, "ok  \tp\t0.1s\n1 passed, 0 failed, 0 skipped\n"},
		{"failing", passing + failing, false, false, "ok  \tp\t0.1s\n    q_test.go:7: got 1\nFAIL\tq\t0.1s\n1 passed, 1 failed, 0 skipped\n"},
		{"skipping here", passing + skipping, false, true, "ok  \tp\t0.1s\n1 passed, 0 failed, 1 skipped\n"},
		{"skipping in CI", passing + skipping, true, false, "ok  \tp\t0.1s\n    r_test.go:3: no server\n1 passed, 0 failed, 1 skipped\n"},
		{"opt-in", passing + optional, true, true, "ok  \tp\t0.1s\n1 passed, 0 failed, 0 skipped\n"},
		{"not built", passing + broken, false, false, "ok  \tp\t0.1s\ns.go:1: syntax error\nFAIL\ts [build failed]\n1 passed, 1 failed, 0 skipped\n"},
		{"plain text", "flag provided but not defined\n", false, false, "flag provided but not defined\n0 passed, 0 failed, 0 skipped\nno test was run\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out strings.Builder
			ok, err := summarize(strings.NewReader(tt.in), &out, tt.strict)
			if err != nil || ok != tt.ok || out.String() != tt.want {
				t.Errorf("summarize(%q, strict %v) = %v, %v, %q; want %v, %q", tt.in, tt.strict, ok, err, out.String(), tt.ok, tt.want)
			}
		})
	}
}
