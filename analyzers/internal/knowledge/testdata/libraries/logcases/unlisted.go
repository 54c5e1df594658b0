package logcases

import (
	"fmt"

	"github.com/DataDog/datadog-go/v5/statsd"
	"github.com/hashicorp/go-retryablehttp"
	"github.com/valyala/fasthttp"

	"libraries/cases"
)

// span is of a tracer that no list names.
type tracer interface{ Start() Span }

// Span has the methods that all of them have.
type Span interface {
	SetTag(key string, value any)
	SetAttributes(kv ...any)
	RecordError(err error)
	Finish()
}

func unlisted(t tracer, st *statsd.Client, p cases.Patient, v, ward string) {
	span := t.Start()
	defer span.Finish()
	span.SetTag("ssn", v)                                // want "PHI209"
	span.SetAttributes("ward", ward, "ssn", v)           // want "PHI209"
	span.RecordError(fmt.Errorf("patient %s", p.SSN))    // want "PHI209" "PHI204"
	st.Incr("found", []string{"ssn:" + p.SSN}, 1)        // want "PHI209"
	retryablehttp.Get("https://x.example/?ssn=" + p.SSN) // want "PHI210"
	fasthttp.Get(nil, "https://x.example/"+p.SSN)        // want "PHI210"
	var r fasthttp.Request
	r.SetRequestURI("https://x.example/?ssn=" + p.SSN) // want "PHI210"
	r.SetBodyString(p.SSN)                             // ok: what a request is for
	span.SetTag("ward", ward)                          // ok: no PHI
	span.RecordError(errConstant)                      // ok: a constant
	st.Incr("found", []string{"ward:" + ward}, 1)      // ok: no PHI
	retryablehttp.Get("https://x.example/" + ward)     // ok: no PHI
}

func methodValues(t tracer, c *statsd.Client, p cases.Patient) {
	end, tag, count := t.Start().Finish, t.Start().SetTag, c.Incr
	end()
	tag("ssn", p.SSN)                           // want "PHI209"
	count("found", []string{"ssn:" + p.SSN}, 1) // want "PHI209"
	count("found", []string{"ward:3"}, 1)       // ok: no PHI
	flush := c.Flush
	flush()
}
