package billing

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// Eligibility asks the clearing house whether somebody is insured.
type Eligibility struct {
	base   string
	client *http.Client
}

// NewEligibility returns a client for the clearing house at base.
func NewEligibility(base string, client *http.Client) *Eligibility {
	return &Eligibility{base: base, client: client}
}

// Check reports whether the member is covered today.
func (e *Eligibility) Check(ctx context.Context, memberNumber, birthDate string) (bool, error) {
	q := url.Values{}
	q.Set("member_number", memberNumber)
	q.Set("birth_date", birthDate)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, e.base+"/coverage?"+q.Encode(), nil)
	if err != nil {
		return false, errors.New("check eligibility: bad address")
	}
	return e.covered(req)
}

// Plan fetches the plan of somebody who forgot the card, for the desk's side panel.
func (e *Eligibility) Plan(ssn string) (*http.Response, error) {
	return e.client.Get(e.base + "/plans?ssn=" + url.QueryEscape(ssn))
}

// CheckByBody is Check for clearing houses that take the question in a body.
func (e *Eligibility) CheckByBody(ctx context.Context, memberNumber, birthDate string) (bool, error) {
	body, err := json.Marshal(map[string]string{"member_number": memberNumber, "birth_date": birthDate})
	if err != nil {
		return false, errors.New("check eligibility: cannot write the question")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.base+"/coverage", bytes.NewReader(body))
	if err != nil {
		return false, errors.New("check eligibility: bad address")
	}
	return e.covered(req)
}

func (e *Eligibility) covered(req *http.Request) (bool, error) {
	resp, err := e.client.Do(req)
	if err != nil {
		return false, errors.New("check eligibility: no answer")
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
		return true, nil
	case http.StatusNotFound:
		return false, nil
	}
	return false, fmt.Errorf("check eligibility: status %d", resp.StatusCode)
}
