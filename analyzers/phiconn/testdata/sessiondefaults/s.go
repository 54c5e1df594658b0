// Package sessiondefaults takes what the libraries give.
package sessiondefaults

import (
	"github.com/alexedwards/scs/v2"
	"github.com/gorilla/sessions"
)

var store = sessions.NewCookieStore([]byte("key")) // want `low PHI305 session cookie lives 30 days`

var manager = scs.New() // want `low PHI305 session has no idle timeout`

func logout(s *sessions.Session) {
	s.Options.MaxAge = -1 // ok: deletes it
}
