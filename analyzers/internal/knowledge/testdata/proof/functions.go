package main

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// Values that no real person has: numbers of this range are never given out.
const (
	ssn  = "901-00-7777"
	ssn2 = "902-00-8888"
	date = "31/02/1961"
)

// functions records the errors of functions of the standard library under the
// name that phivet's data has for the parameter that they may quote.
func functions(r *recorder) {
	_, err := strconv.Atoi(ssn)
	r.failure("strconv.Atoi.s", err, ssn)
	_, err = strconv.ParseInt(ssn, 10, 64)
	r.failure("strconv.ParseInt.s", err, ssn)
	_, err = strconv.ParseUint(ssn, 10, 64)
	r.failure("strconv.ParseUint.s", err, ssn)
	_, err = strconv.ParseFloat(ssn, 64)
	r.failure("strconv.ParseFloat.s", err, ssn)
	_, err = strconv.ParseComplex(ssn, 64)
	r.failure("strconv.ParseComplex.s", err, ssn)
	_, err = strconv.ParseBool(ssn)
	r.failure("strconv.ParseBool.str", err, ssn)
	_, err = strconv.Unquote(ssn)
	r.failure("strconv.Unquote.s", err, ssn)

	_, err = time.Parse(time.DateOnly, date)
	r.failure("time.Parse.value", err, date)
	_, err = time.ParseInLocation(time.DateOnly, date, time.UTC)
	r.failure("time.ParseInLocation.value", err, date)
	_, err = time.ParseDuration(ssn)
	r.failure("time.ParseDuration.s", err, ssn)
	_, err = netip.ParseAddr(ssn)
	r.failure("net/netip.ParseAddr.s", err, ssn)

	urls(r)
	decoders(r)

	_, err = pgconn.ParseConfig("postgres://app:" + ssn + "@db/clinic?sslmode=unheard")
	r.failure("github.com/jackc/pgx/v5/pgconn.ParseConfig.connString", err, ssn)
}

// urls records what errors tell about an address.
func urls(r *recorder) {
	const bad = "http://ehr\x7f/patients?ssn=" + ssn
	_, err := url.Parse(bad)
	r.failure("net/url.Parse.rawURL", err, ssn)
	_, err = url.ParseRequestURI(bad)
	r.failure("net/url.ParseRequestURI.rawURL", err, ssn)
	_, err = url.ParseQuery("ssn=" + ssn + "%zz")
	r.failure("net/url.ParseQuery.query", err, ssn)
	_, err = url.QueryUnescape(ssn + "%zz")
	r.failure("net/url.QueryUnescape.s", err, ssn)

	_, err = http.NewRequest(http.MethodGet, bad, nil)
	r.failure("net/http.NewRequest.url", err, ssn)
	_, err = http.NewRequestWithContext(nil, http.MethodGet, "http://ehr/patients?ssn="+ssn, nil)
	r.failure("net/http.NewRequestWithContext with a nil context", err, ssn)
	ctx := http.Request{}
	_, err = http.NewRequestWithContext(ctx.Context(), http.MethodGet, bad, nil)
	r.failure("net/http.NewRequestWithContext.url", err, ssn)

	// Nobody listens there, and no name has to be resolved.
	const closed = "http://127.0.0.1:1/patients?ssn=" + ssn
	_, err = http.Get(closed)
	r.failure("net/http.Get.url", err, ssn)
	_, err = http.Head(closed)
	r.failure("net/http.Head.url", err, ssn)
	_, err = http.Post(closed, "text/plain", nil)
	r.failure("net/http.Post.url", err, ssn)
	_, err = http.PostForm(closed, nil)
	r.failure("net/http.PostForm.url", err, ssn)
	client := &http.Client{}
	_, err = client.Get(closed)
	r.failure("(*net/http.Client).Get.url", err, ssn)
	_, err = client.Head(closed)
	r.failure("(*net/http.Client).Head.url", err, ssn)
	_, err = client.Post(closed, "text/plain", nil)
	r.failure("(*net/http.Client).Post.url", err, ssn)
	_, err = client.PostForm(closed, nil)
	r.failure("(*net/http.Client).PostForm.url", err, ssn)
	request, err := http.NewRequest(http.MethodGet, closed, nil)
	if err == nil {
		_, err = client.Do(request)
	}
	r.failure("(*net/http.Client).Do.req", err, ssn)
	_, err = http.PostForm("http://127.0.0.1:1/", url.Values{"ssn": {ssn}})
	r.failure("net/http.PostForm.data", err, ssn)
	_, err = http.Post("http://127.0.0.1:1/", "text/plain", strings.NewReader(ssn))
	r.failure("net/http.Post.body", err, ssn)
}

// decoders records what errors tell about a document.
func decoders(r *recorder) {
	var number struct{ MRN int8 }
	err := json.Unmarshal([]byte(`{"MRN": 901007777}`), &number)
	r.failure("encoding/json.Unmarshal of a number", err, "901007777")
	err = json.Unmarshal([]byte(`{"MRN": "`+ssn+`"}`), &number)
	r.failure("encoding/json.Unmarshal of a string", err, ssn)
	var day struct{ BirthDate time.Time }
	err = json.Unmarshal([]byte(`{"BirthDate": "`+date+`"}`), &day)
	r.failure("encoding/json.Unmarshal of a date", err, date)
	err = json.Unmarshal([]byte(`{"ssn": `+ssn+`}`), &number)
	r.failure("encoding/json.Unmarshal of bad syntax", err, ssn)
	_, err = csv.NewReader(strings.NewReader("a,b\n\"" + ssn + ",c")).ReadAll()
	r.failure("encoding/csv.Reader.ReadAll", err, ssn)
	_, err = io.ReadFull(strings.NewReader(ssn), make([]byte, 99))
	r.failure("io.ReadFull", err, ssn)
}
