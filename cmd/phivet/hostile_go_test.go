//go:build linux

package main_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/phivet/phivet/rules/ruletest"
)

// goHead starts every package of the tests below.
const goHead = "import (\n\t\"database/sql\"\n\t\"fmt\"\n\t\"log\"\n)\n\nvar _ = fmt.Sprint\n\nfunc unused(*sql.DB) {}\n\n"

// find is the leak that has to be found in spite of what stands beside it.
const find = "func Find(db *sql.DB, ssn string) {\n\tdb.Query(\"SELECT 1 FROM patients WHERE ssn = '\" + ssn + \"'\")\n\tlog.Println(ssn)\n}\n\n"

// TestHostileGo gives the engine code that programs write, and code that has
// the worst shape for it. Each package has the same two leaks beside it.
func TestHostileGo(t *testing.T) {
	usual := bound{20 * time.Second, 600}
	tests := []struct {
		name  string
		code  []part
		bound bound
	}{
		{"branches", []part{once("func F(ssn string, n int) {\n\ts := \"\"\n"), {"\tif n == %d {\n\t\ts += ssn\n\t}\n", 10_000}, once("\tlog.Println(s)\n}\n")}, usual},
		{"cases", []part{once("func F(ssn string, n int) {\n\tvar s string\n\tswitch n {\n"), {"\tcase %d:\n\t\ts = fmt.Sprintf(\"%s%d\", ssn)\n", 3000}, once("\t}\n\tlog.Println(s)\n}\n")}, usual},
		{"chain", []part{once("func f500(ssn string, n int) string { return f0(ssn, n) }\n\n"), once(chain(500)), once("func F(ssn string) { log.Println(f0(ssn, 1)) }\n")}, usual},
		{"rows", []part{once("type Row struct {\n"), {"\tF%d string\n", 3000}, once("\tSSN string\n}\n\nvar rows = []Row{\n"), {"\t{F%d: \"x\", SSN: \"412-55-2931\"},\n", 3000}, once("}\n\nvar words = map[string]string{\n"), {"\t\"k%d\": \"v\",\n", 10_000}, once("}\n")}, bound{30 * time.Second, 600}},
		{"recursive", []part{once("type Node struct {\n\tSSN string\n\tNext *Node\n\tKids map[string][]*Node\n\tDo func(*Node) *Node\n\tCh chan *Node\n}\n\ntype F func(F) F\n\ntype I interface{ M(I) I }\n\ntype L[T any] struct {\n\tV T\n\tN *L[T]\n}\n\nfunc Log(n *Node, l *L[*Node], f F, i I) {\n\tfor n.Next != nil {\n\t\tn = n.Do(n.Next.Kids[\"x\"][0])\n\t\tn.Ch <- n\n\t}\n\tlog.Printf(\"%+v %v %v %v\", n, l, f, i.M(i))\n}\n")}, usual},
		{"generics", []part{once("type W[T any] struct{ V T }\n\nfunc Wrap[T any](v T) W[T] { return W[T]{v} }\n\nfunc Deep(ssn string) any {\n\tv := Wrap(ssn)\n\tv0 := Wrap(v)\n"), once(wraps(50)), once("\treturn v50\n}\n\n"), {"func G%d[T, U any](t T, u U) (T, U) { return t, u }\n", 1000}}, usual},
		{"loops", []part{once("func F(db *sql.DB, ssns []string) {\n\tq := \"SELECT\"\n"), {"\tfor i%d := range ssns {\n\t\tq += ssns[i%d]\n", 100}, {"\t}\n", 100}, once("\tdb.Query(q)\n}\n")}, usual},
		{"operands", []part{once("func F(db *sql.DB, ssn string) {\n\tq := \"SELECT '\""), {" + ssn + \"','\"", 3000}, once("\n\tdb.Query(q)\n}\n")}, usual},
		{"verbs", []part{once("func F(ssn string) {\n\tlog.Println(fmt.Sprintf(\""), {"%s", 1000}, once("\""), {", ssn", 1000}, once("))\n}\n")}, usual},
		{"closures", []part{once("func F(ssn string) {\n"), {"\tfunc() {\n", 100}, once("\tlog.Println(ssn)\n"), {"\t}()\n", 100}, once("}\n")}, usual},
		{"writes", []part{once("func F(ssn string) {\n\tm := map[string]string{}\n"), {"\tm[\"k%d\"] = \"v\"\n\tlog.Println(m[\"k%d\"])\n", 25_000}, once("\tm[\"ssn\"] = ssn\n\tlog.Println(m)\n}\n")}, usual},
		{"fields", []part{once("type T struct {\n"), {"\tF%d string\n", 5000}, once("\tSSN string\n}\n\nfunc F(ssn string) {\n\tvar t T\n"), {"\tt.F%d = \"v\"\n", 5000}, {"\tlog.Println(t.F%d)\n", 5000}, once("\tt.SSN = ssn\n\tlog.Println(t)\n}\n")}, usual},
		{"implementations", []part{once("type S interface{ Do(ssn string) error }\n\n"), {"type T%d struct{ next S }\n\nfunc (t T%d) Do(ssn string) error { return t.next.Do(ssn) }\n\n", 1500}, once("func F(s S, ssn string) { log.Println(s.Do(ssn)) }\n")}, usual},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := ruletest.Files{"go.mod": "module example.com/hostile\n\ngo 1.26\n", "migrations/001.sql": hostileBase}.Write(t)
			parts := append([]part{once("package " + test.name + "\n\n" + goHead + find)}, test.code...)
			writeParts(t, filepath.Join(dir, test.name, "a.go"), parts)
			v := bounded(t, dir, test.bound)
			for _, rule := range []string{"PHI101", "PHI201"} {
				if !v.has(rule, test.name+"/a.go") {
					t.Errorf("no %s; findings %v", rule, v.Findings[:min(len(v.Findings), 5)])
				}
			}
			if v.has("PHI906", "") {
				t.Errorf("not analysed: %v", v.Findings[:min(len(v.Findings), 5)])
			}
		})
	}
}

// chain returns n functions of which each calls the next, the last of them a
// function that calls the first.
func chain(n int) string {
	s := ""
	for i := range n {
		s += fmt.Sprintf("func f%d(ssn string, n int) string {\n\tif n > 9 {\n\t\treturn ssn\n\t}\n\treturn f%d(ssn+\"x\", n+1)\n}\n\n", i, i+1)
	}
	return s
}

// wraps returns n assignments, each with one more layer of type arguments.
func wraps(n int) string {
	s := ""
	for i := 1; i <= n; i++ {
		s += fmt.Sprintf("\tv%d := Wrap(v%d)\n", i, i-1)
	}
	return s
}
