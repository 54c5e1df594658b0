// Package stdlib logs with the standard library.
package stdlib

import (
	"bufio"
	"bytes"
	"context"
	"expvar"
	"fmt"
	"io"
	"log"
	"log/syslog"
	"os"
	"runtime/pprof"
	"runtime/trace"
	"strings"
	"testing"
	"text/tabwriter"

	"clinic.example/testdata/model"
)

func printed(p model.Patient) {
	log.Print("patient ", p.SSN)                         // want "PHI201 p.SSN is logged"
	log.Printf("patient %s", p.LastName)                 // want "PHI201 p.LastName is logged"
	log.Println("born", p.DateOfBirth)                   // want "PHI201 p.DateOfBirth is logged"
	fmt.Println(p.MRN)                                   // want "PHI201 p.MRN is logged"
	fmt.Printf("%q\n", p.Phone)                          // want "PHI201"
	log.Default().Printf("%s", p.Diagnosis)              // want "PHI201"
	log.New(os.Stderr, "", 0).Println(p.SSN)             // want "PHI201"
	log.Output(1, "patient "+p.SSN)                      // want "PHI201"
	log.Printf("patient %s", strings.ToUpper(p.SSN))     // want "PHI201"
	log.Printf("patient %s", strings.TrimSpace(p.SSN))   // want "PHI201"
	log.Printf("patient %s", fmt.Sprintf("%v", p.SSN))   // want "PHI201"
	log.Printf("patient %v", []string{p.SSN})            // want "PHI201"
	log.Printf("patient %s", string([]byte(p.SSN)))      // want "PHI201"
	log.Printf("patient %v", map[string]any{"x": p.SSN}) // want "PHI201"
}

func streams(p model.Patient) {
	fmt.Fprintln(os.Stderr, "patient", p.SSN)                // want "PHI201"
	fmt.Fprintf(os.Stderr, "patient %s\n", p.SSN)            // want "PHI201"
	fmt.Fprint(os.Stdout, p.SSN)                             // want "PHI201"
	os.Stderr.WriteString("patient " + p.SSN)                // want "PHI201"
	io.WriteString(os.Stderr, p.SSN)                         // want "PHI201"
	fmt.Fprintf(log.Writer(), "patient %s", p.SSN)           // want "PHI201"
	fmt.Fprintf(log.Default().Writer(), "patient %s", p.SSN) // want "PHI201"
}

func handed(p model.Patient, system *syslog.Writer) {
	b := bufio.NewWriter(os.Stderr)
	fmt.Fprintf(b, "patient %s\n", p.SSN) // want "PHI201"
	b.WriteString(p.SSN)                  // want "PHI201"
	t := tabwriter.NewWriter(os.Stdout, 0, 8, 1, ' ', 0)
	fmt.Fprintln(t, p.SSN)                           // want "PHI201"
	println("patient", p.SSN)                        // want "PHI201"
	system.Info("patient " + p.SSN)                  // want "PHI201"
	fmt.Fprintf(system, "found %s", p.SSN)           // want "PHI201"
	log.New(os.Stderr, p.SSN, 0).Print("")           // want "PHI201"
	log.SetPrefix(p.SSN)                             // want "PHI201"
	println("patients", len(p.SSN))                  // ok: a length
	system.Err("no patient")                         // ok: no value
	fmt.Fprintln(bufio.NewWriter(io.Discard), p.SSN) // ok: nowhere
}

func inspected(ctx context.Context, p model.Patient, ward string) {
	trace.Log(ctx, "patient", p.SSN)           // want "PHI209"
	trace.Logf(ctx, "patient", "is %s", p.SSN) // want "PHI209"
	pprof.Labels("patient", p.SSN)             // want "PHI209"
	expvar.NewString("last").Set(p.SSN)        // want "PHI209"
	pprof.Labels("ward", ward)                 // ok: no PHI
}

func files(p model.Patient, out *os.File) {
	fmt.Fprintf(out, "%s\n", p.SSN) // ok: an export, wherever it goes
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n", p.SSN)  // ok: a buffer
	fmt.Fprintln(io.Discard, p.SSN) // ok: nowhere
	out.Write(b.Bytes())            // ok: a file
}

func buffered(p model.Patient) {
	var b strings.Builder
	b.WriteString("patient ")
	b.WriteString(p.SSN)
	log.Println(b.String()) // want "PHI201"
	text := "patient "
	text += p.LastName
	log.Println(text) // want "PHI201"
}

func named(ssn, patientName, diagnosis string, patientID, wardID int) {
	log.Println("looking for", ssn)            // want "PHI201 ssn is logged"
	log.Printf("patient %s", patientName)      // want "PHI201"
	log.Printf("patient %d", patientID)        // want "PHI201 patientID is logged"
	log.Printf("ward %d", wardID)              // ok: not a patient's
	log.Printf("found %t", ssn == patientName) // ok: a comparison
	log.Printf("%d bytes", len(diagnosis))     // ok: a length
	log.Printf("%T", ssn)                      // ok: a type
}

func labelled(v, w string, n int) {
	log.Printf("no patient with ssn %s", v) // want "PHI201 ssn is logged"
	log.Printf("mrn=%s", w)                 // want "PHI201 mrn is logged"
	log.Printf("date of birth: '%s'", v)    // want "PHI201"
	log.Printf("ssn: %d rows", n)           // ok: a number of rows
	log.Printf("ssn column in file %s", v)  // ok: a file
	log.Printf("checked ssn, result %s", v) // ok: something else
	log.Printf("reading %s for the ssn", v) // ok: what comes before the word
	log.Printf("no value for %s", "ssn")    // ok: a constant
}

func panics(p model.Patient, err error) {
	defer func() {
		if r := recover(); r != nil {
			log.Println("recovered:", r) // ok: whatever it is
		}
	}()
	if err != nil {
		panic(err) // ok: not made here
	}
	panic("bad patient " + p.SSN) // want "PHI204 p.SSN becomes the text of a panic"
}

func fatal(p model.Patient) {
	log.Fatalf("bad patient %s", p.SSN) // want "PHI201"
}

func inTest(t *testing.T, p model.Patient) {
	t.Logf("patient %s", p.SSN) // ok: a test
	t.Error(p.SSN)              // ok: a test
}

func constant() {
	log.Println("ssn missing")             // ok: a word
	log.Printf("column %s", "ssn")         // ok: a name of a column
	fmt.Println("usage: find -ssn NUMBER") // ok: help
}

func staff(n model.Nurse) {
	log.Printf("shift %s of %d", n.Shift, n.ID) // ok: staff
}

func counted(ps []model.Patient) {
	for i := range ps {
		log.Printf("patient %d of %d", i, len(ps)) // ok: numbers
	}
	for _, p := range ps {
		log.Println(p.FirstName) // want "PHI201"
	}
}

func own(format string, args ...any) {
	log.Printf("clinic: "+format, args...)
}

func wrapped(p model.Patient) {
	own("patient %s", p.SSN) // want "PHI201"
	own("patient %T", p.SSN) // ok: a type
	own("ready")             // ok: nothing
}

func once(v string) { log.Printf("no patient with ssn %s", v) } // want "PHI201 ssn is logged"

func onceMore(v string) {
	once(v) // ok: reported where it is logged
}
