// Package session keeps users logged in.
package session

import (
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	ginjwt "github.com/appleboy/gin-jwt/v2"
	ginsessions "github.com/gin-contrib/sessions"
	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	fibersession "github.com/gofiber/fiber/v2/middleware/session"
	"github.com/golang-jwt/jwt/v5"
	"github.com/gorilla/sessions"
	jwx "github.com/lestrrat-go/jwx/v2/jwt"
)

const (
	week  = 7 * 24 * time.Hour
	shift = 8 * time.Hour
)

func tokens(user string, configured time.Duration) {
	_ = jwt.MapClaims{"exp": time.Now().Add(72 * time.Hour).Unix()}                      // want `low PHI305 token lives longer than 12 hours`
	_ = jwt.MapClaims{"exp": time.Now().Add(week).Unix()}                                // want `low PHI305 token lives longer`
	_ = jwt.RegisteredClaims{ExpiresAt: jwt.NewNumericDate(time.Now().AddDate(0, 1, 0))} // want `low PHI305 token lives longer`
	expires := time.Now().Add(24 * time.Hour)
	_ = jwt.RegisteredClaims{ExpiresAt: jwt.NewNumericDate(expires)} // want `low PHI305 token lives longer`
	claims := jwt.MapClaims{"sub": "x"}
	jwt.NewWithClaims(jwt.SigningMethodHS256, claims)                     // want `low PHI305 token is signed without a time of expiry`
	jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": user}) // want `low PHI305 token is signed without a time of expiry`
	late := jwt.MapClaims{}
	late["exp"] = time.Now().Add(week).Unix()                   // want `low PHI305 token lives longer`
	jwx.NewBuilder().Expiration(time.Now().Add(week))           // want `low PHI305 token lives longer`
	_ = &ginjwt.GinJWTMiddleware{Timeout: week}                 // want `low PHI305 token lives longer`
	_ = jwt.MapClaims{"exp": time.Now().Add(shift).Unix()}      // ok: a shift
	_ = jwt.MapClaims{"exp": time.Now().Add(configured).Unix()} // ok: comes from elsewhere
	_ = jwt.RegisteredClaims{Subject: user}                     // ok: may be filled
	later := jwt.MapClaims{"sub": "x"}
	later["exp"] = time.Now().Add(time.Minute).Unix()
	jwt.NewWithClaims(jwt.SigningMethodHS256, later)                   // ok: the end is set
	jwx.NewBuilder().Expiration(time.Now().Add(time.Hour))             // ok: an hour
	_ = &ginjwt.GinJWTMiddleware{Timeout: time.Hour}                   // ok: an hour
	refreshClaims := jwt.MapClaims{"exp": time.Now().Add(week).Unix()} // ok: a refresh token
	_ = refreshClaims
}

func refreshToken() {
	_ = jwt.MapClaims{"exp": time.Now().Add(720 * time.Hour).Unix()} // ok: a refresh token
}

func cookies(w http.ResponseWriter, g *gin.Context, f *fiber.Ctx, id string) {
	_ = http.Cookie{Name: "session", MaxAge: 30 * 24 * 3600}                           // want `low PHI305 session cookie lives longer than 12 hours`
	http.SetCookie(w, &http.Cookie{Name: "auth_token", Expires: time.Now().Add(week)}) // want `low PHI305 session cookie lives longer`
	c := &http.Cookie{Name: "sid"}
	c.MaxAge = 86400                                                         // want `low PHI305 session cookie lives longer`
	g.SetCookie("jwt", id, 86400*7, "/", "", true, true)                     // want `low PHI305 session cookie lives longer`
	f.Cookie(&fiber.Cookie{Name: "jwt", Expires: time.Now().Add(week)})      // want `low PHI305 session cookie lives longer`
	_ = http.Cookie{Name: "theme", MaxAge: 30 * 24 * 3600}                   // ok: no session
	_ = http.Cookie{Name: "session", MaxAge: -1}                             // ok: deletes it
	_ = http.Cookie{Name: "session"}                                         // ok: ends with the browser
	_ = http.Cookie{Name: "csrf_token", MaxAge: 30 * 24 * 3600}              // ok: no session
	_ = http.Cookie{Name: "refresh_token", MaxAge: 30 * 24 * 3600}           // ok: another purpose
	g.SetCookie("lang", "de", 86400*365, "/", "", true, true)                // ok: no session
	g.SetCookie("session", id, 900, "/", "", true, true)                     // ok: a quarter of an hour
	f.Cookie(&fiber.Cookie{Name: "jwt", Expires: time.Now().Add(time.Hour)}) // ok: an hour
}

func libraries(store *sessions.CookieStore, s *sessions.Session) {
	_ = sessions.Options{Path: "/", MaxAge: 86400 * 30}   // want `low PHI305 session cookie lives longer`
	_ = ginsessions.Options{MaxAge: 86400 * 7}            // want `low PHI305 session cookie lives longer`
	store.Options.MaxAge = 86400 * 30                     // want `low PHI305 session cookie lives longer`
	store.MaxAge(86400 * 30)                              // want `low PHI305 session cookie lives longer`
	_ = fibersession.Config{Expiration: week}             // want `low PHI305 session lives longer than 12 hours`
	m := scs.New()                                        // ok: an idle timeout is set
	m.Lifetime = 48 * time.Hour                           // want `low PHI305 session lives longer than 12 hours`
	m.IdleTimeout = time.Hour                             // want `low PHI305 session lives longer than 30 minutes of inactivity`
	m.IdleTimeout = 20 * time.Minute                      // ok: short
	_ = sessions.Options{MaxAge: 900}                     // ok: short
	_ = sessions.Options{MaxAge: -1}                      // ok: deletes it
	_ = fibersession.Config{Expiration: 20 * time.Minute} // ok: short
	_ = sessions.NewCookieStore([]byte("key"))            // ok: an age is set
}
