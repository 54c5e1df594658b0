package run

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestProgress(t *testing.T) {
	var b bytes.Buffer
	var none *progress
	none.set("x")
	none.end()
	if startProgress(&b, false) != nil {
		t.Error("progress is shown without a terminal")
	}
	p := startProgress(&b, true)
	p.set("reading migrations")
	p.end()
	if b.Len() > 0 {
		t.Errorf("work of less than a second shows %q", b.String())
	}
	p = startProgress(&b, true)
	p.set("reading migrations")
	time.Sleep(1200 * time.Millisecond)
	p.end()
	if s := b.String(); !strings.Contains(s, "reading migrations 1s") || !strings.HasSuffix(s, "\r\x1b[K") {
		t.Errorf("got %q, want the stage and then a cleared line", s)
	}
}
