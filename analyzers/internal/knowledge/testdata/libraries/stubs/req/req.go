// Package req declares what the cases call of req, with its signatures: the
// module does not compile beside the version of quic-go that gin requires.
package req

// Client makes requests.
type Client struct{}

// Request is a request before it is sent.
type Request struct{}

// Response is an answer.
type Response struct{}

// C returns a client.
func C() *Client { return nil }

// R returns a request.
func (c *Client) R() *Request { return nil }

// Get returns a request of an address.
func (c *Client) Get(url ...string) *Request { return nil }

// SetCommonQueryParam sets a parameter of every address.
func (c *Client) SetCommonQueryParam(key, value string) *Client { return c }

// SetBody sets what is sent.
func (r *Request) SetBody(body interface{}) *Request { return r }

// SetFormData sets what is sent.
func (r *Request) SetFormData(data map[string]string) *Request { return r }

// SetQueryParam sets a parameter of the address.
func (r *Request) SetQueryParam(key, value string) *Request { return r }

// SetQueryParams sets parameters of the address.
func (r *Request) SetQueryParams(params map[string]string) *Request { return r }

// SetPathParam sets a part of the address.
func (r *Request) SetPathParam(key, value string) *Request { return r }

// SetQueryString sets the parameters of the address.
func (r *Request) SetQueryString(query string) *Request { return r }

// Get sends the request.
func (r *Request) Get(url string) (*Response, error) { return nil, nil }

// Post sends the request.
func (r *Request) Post(url string) (*Response, error) { return nil, nil }
