package knowledge_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"testing"

	"github.com/phivet/phivet/internal/pgtest"
)

type observation struct {
	Name  string
	Shows map[string]bool
	Text  string
}

// observe runs testdata/proof against a server.
func observe(t *testing.T) []observation {
	t.Helper()
	if testing.Short() {
		t.Skip("compiles drivers and starts a server")
	}
	server := pgtest.Start(t, 15)
	run := exec.Command("go", "run", ".")
	run.Dir = "testdata/proof"
	run.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "LC_ALL=C", "TZ=UTC", "PHIVET_PROOF_SOCKET="+server.Socket())
	var out, failure bytes.Buffer
	run.Stdout, run.Stderr = &out, &failure
	if err := run.Run(); err != nil {
		t.Fatalf("%v\n%s", err, failure.String())
	}
	var all []observation
	for d := json.NewDecoder(&out); d.More(); {
		var o observation
		if err := d.Decode(&o); err != nil {
			t.Fatal(err)
		}
		all = append(all, o)
	}
	return all
}

func TestDump(t *testing.T) {
	for _, o := range observe(t) {
		b, _ := json.Marshal(o.Shows)
		if o.Shows["text"] || len(o.Shows) != 1 {
			t.Logf("%s %s | %.150s", o.Name, b, o.Text)
		} else {
			t.Logf("%s %s | %.50s", o.Name, b, o.Text)
		}
	}
}
