// Proof runs real drivers against the PostgreSQL server whose socket directory
// is in PHIVET_PROOF_SOCKET and writes, as JSON lines, which of the values it
// gave them their errors and their query loggers print. The test in the package
// knowledge compares that with what phivet believes.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// An observation is one thing that printed a value, or did not, form by form.
type observation struct {
	Name  string
	Shows map[string]bool
	// Text is what the first of the forms printed, for the reader of a failure.
	Text string
}

// A recorder keeps observations in the order of the program.
type recorder struct{ out []observation }

// fail notes that a case did not come about: the test then misses it.
func (r *recorder) fail(name string, err error) {
	r.out = append(r.out, observation{Name: name, Text: fmt.Sprintf("did not run: %v", err)})
}

// failure records how err, which has to be an error, prints value, and which
// of its fields hold it.
func (r *recorder) failure(name string, err error, value string, fields ...map[string]string) {
	if err == nil {
		r.fail(name, fmt.Errorf("there was no error"))
		return
	}
	asJSON, _ := json.Marshal(err)
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Error("failed", "err", err)
	wrapped := fmt.Errorf("wrapped: %w", err)
	var zapped bytes.Buffer
	core := zapcore.NewCore(zapcore.NewJSONEncoder(zapcore.EncoderConfig{}), zapcore.AddSync(&zapped), zapcore.DebugLevel)
	zap.New(core).Error("failed", zap.Any("err", err))
	printed := map[string]string{
		"Error()":     err.Error(),
		"%v":          fmt.Sprintf("%v", err),
		"%s":          fmt.Sprintf("%s", err),
		"%+v":         fmt.Sprintf("%+v", err),
		"%#v":         fmt.Sprintf("%#v", err),
		"JSON":        string(asJSON),
		"slog":        log.String(),
		"zap.Any":     zapped.String(),
		"wrapped %v":  wrapped.Error(),
		"wrapped %+v": fmt.Sprintf("%+v", wrapped),
	}
	o := observation{Name: name, Shows: map[string]bool{}, Text: err.Error()}
	for _, texts := range append(fields, printed) {
		for form, text := range texts {
			o.Shows[form] = strings.Contains(text, value)
		}
	}
	r.out = append(r.out, o)
}

// text records whether value is in what a logger wrote.
func (r *recorder) text(name, text, value string) {
	r.out = append(r.out, observation{Name: name, Shows: map[string]bool{"text": strings.Contains(text, value)}, Text: text})
}

func run() error {
	r := &recorder{}
	functions(r)
	socket := os.Getenv("PHIVET_PROOF_SOCKET")
	if err := drivers(context.Background(), r, socket); err != nil {
		return err
	}
	if err := driver4(context.Background(), r, socket); err != nil {
		return err
	}
	if err := wrappers(context.Background(), r, socket); err != nil {
		return err
	}
	if err := loggers(context.Background(), r, socket); err != nil {
		return err
	}
	if err := queryLoggers(context.Background(), r, socket); err != nil {
		return err
	}
	modes(context.Background(), r, socket)
	w := json.NewEncoder(os.Stdout)
	for _, o := range r.out {
		if err := w.Encode(o); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "proof:", err)
		os.Exit(1)
	}
}
