package taint_test

import (
	"bytes"
	"encoding/gob"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/phivet/phivet/analyzers/internal/taint"
)

// TestFactRoundTrip holds what go vet does with facts between two packages:
// they are written with gob and read again, and equal facts are equal bytes.
func TestFactRoundTrip(t *testing.T) {
	fact := &taint.Summary{
		Fluent: true,
		Nodes: []taint.Node{
			{Kind: 6, Flags: 1, X: []int32{1, 2}},
			{Kind: 1, Text: "ssn = '"},
			{Kind: 2, Index: 1, Name: "value", Type: "string", Category: "SSN", Tier: 3},
		},
		Results: []int32{0},
		Effects: []taint.Effect{{Param: 0, Field: "parts", Value: 0}},
		Uses:    []taint.Use{{Kind: "sql", Sink: "(*database/sql.DB).Query", Text: 0, Values: []int32{2}}},
	}
	var first, second bytes.Buffer
	if err := gob.NewEncoder(&first).Encode(fact); err != nil {
		t.Fatal(err)
	}
	if err := gob.NewEncoder(&second).Encode(fact); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same fact gave different bytes")
	}
	var got taint.Summary
	if err := gob.NewDecoder(&first).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fact, &got); diff != "" {
		t.Errorf("fact changed (-want +got):\n%s", diff)
	}
	if got, want := fact.String(), "flows(p1→r0 p1→*p0 p1→sql p1→sql)"; got != want {
		t.Errorf("String() = %q, want %q", got, want)
	}
}
