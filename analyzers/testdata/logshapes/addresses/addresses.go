// Package addresses puts values into the addresses of requests.
package addresses

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"strings"

	"clinic.example/testdata/model"
)

func values(base string, p model.Patient) {
	v := url.Values{}
	v.Set("ssn", p.SSN)
	v.Set("ward", "3")
	http.Get(base + "?" + v.Encode()) // want "PHI210 p.SSN becomes part of a URL"
}

func added(base string, f model.Filter) (*http.Response, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	q := u.Query()
	q.Add("name", f.SSN)
	u.RawQuery = q.Encode()
	return http.Get(u.String()) // want "PHI210 f.SSN"
}

func onRequest(base, ssn string) (*http.Response, error) {
	req, err := http.NewRequest(http.MethodGet, base, nil)
	if err != nil {
		return nil, err
	}
	q := req.URL.Query()
	q.Set("ssn", ssn)
	req.URL.RawQuery = q.Encode()
	return http.DefaultClient.Do(req) // want "PHI210 ssn becomes part of a URL"
}

func literal(host, ssn string) (*http.Response, error) {
	u := url.URL{Scheme: "https", Host: host, RawQuery: url.Values{"ssn": {ssn}}.Encode()}
	return http.Get(u.String()) // want "PHI210"
}

func paths(base string, p model.Patient) {
	http.Get(base + "/" + path.Join("patients", p.SSN))            // want "PHI210"
	http.Get(fmt.Sprintf("%s/patients/%s", base, p.MRN))           // want "PHI210"
	http.Get(strings.Join([]string{base, "patients", p.SSN}, "/")) // want "PHI210"
	full, _ := url.JoinPath(base, "patients", p.SSN)
	http.Get(full) // want "PHI210"
	u := &url.URL{Path: "/patients/" + p.SSN}
	http.Get(u.String()) // want "PHI210"
}

func keyed(base, v string) {
	q := url.Values{}
	q.Set("ssn", v)
	http.Get(base + "?" + q.Encode()) // want "PHI210 ssn becomes part of a URL"
}

func clean(ctx context.Context, base, ssn, ward string, id int) {
	http.Get(fmt.Sprintf("%s/patients/%d", base, id))            // ok: the key of a resource
	http.Get(base + "/wards?ward=" + url.QueryEscape(ward))      // ok: no PHI
	http.PostForm(base+"/search", url.Values{"ssn": {ssn}})      // ok: the body
	http.NewRequest("POST", base, strings.NewReader("ssn="+ssn)) // ok: the body
	form := url.Values{}
	form.Set("ssn", ssn)
	http.Post(base, "application/x-www-form-urlencoded", strings.NewReader(form.Encode())) // ok: the body
	req, _ := http.NewRequestWithContext(ctx, "GET", base, nil)
	req.Header.Set("X-SSN", ssn)
	http.DefaultClient.Do(req) // ok: a header
}

func failed(base, ssn string) {
	_, err := http.Get(base + "?ssn=" + ssn) // want "PHI210"
	if err != nil {
		log.Println(err) // want "PHI205 logged error of http.Get quotes ssn"
	}
	_, err = http.Get(base)
	log.Println(err) // ok: a constant address
}

func failedBody(base, ssn string) {
	_, err := http.PostForm(base, url.Values{"ssn": {ssn}})
	log.Println(err) // ok: the body is not quoted
}

// Doer sends requests.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

func sent(d Doer, base, ssn string) {
	req, err := http.NewRequest("GET", base+"?ssn="+ssn, nil) // want "PHI210"
	if err != nil {
		log.Println(err) // want "PHI205"
		return
	}
	if _, err := d.Do(req); err != nil {
		log.Println(err) // want "PHI205 logged error of addresses.Doer.Do quotes ssn"
	}
}

func sentBody(d Doer, base, ssn string) {
	req, err := http.NewRequest("POST", base, strings.NewReader(ssn))
	if err != nil {
		log.Println(err) // ok: not in the address
		return
	}
	if _, err := d.Do(req); err != nil {
		log.Println(err) // ok: not in the address
	}
}

type transport struct{ next http.RoundTripper }

// RoundTrip logs where requests go: this package puts numbers there.
func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	log.Println(req.Method, req.URL.String()) // want "PHI201 req.URL is logged: it can carry"
	log.Println(req.URL.Path)                 // ok: the path
	log.Println(req.Method, req.URL.Host)     // ok: the host
	return t.next.RoundTrip(req)
}

func redirected(w http.ResponseWriter, r *http.Request, p model.Patient) {
	http.Redirect(w, r, "/patients?mrn="+p.MRN, http.StatusFound) // want "PHI210"
	http.Redirect(w, r, "/login", http.StatusFound)               // ok: constant
}

func send(req *http.Request) { http.DefaultClient.Do(req) }

func made(base, ssn string) {
	req, err := http.NewRequest("GET", base+"/coverage?ssn="+ssn, nil) // want "PHI210"
	if err == nil {
		send(req) // ok: reported where the address was made
	}
	req.URL.RawQuery = url.Values{"mrn": {ssn}}.Encode()
	send(req) // want "PHI210"
}

func trace(req *http.Request) {
	slog.Info("request",
		"method", req.Method,
		"uri", req.URL.String()) // want "PHI201 req.URL is logged: it can carry"
}

func (t transport) traced(req *http.Request) (*http.Response, error) {
	trace(req) // ok: reported where it is logged
	return t.next.RoundTrip(req)
}
