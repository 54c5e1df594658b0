package session

import (
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

func tokens() {
	_ = jwt.MapClaims{"exp": time.Now().Add(72 * time.Hour).Unix()}                      // want `PHI305 token lives longer than 12 hours`
	_ = jwt.MapClaims{"exp": time.Now().Add(time.Hour * 8).Unix()}                       // ok: a shift
	_ = jwt.RegisteredClaims{ExpiresAt: jwt.NewNumericDate(time.Now().AddDate(0, 1, 0))} // want `PHI305`
	claims := jwt.MapClaims{"sub": "x"}
	jwt.NewWithClaims("HS256", claims) // want `PHI305 token is signed without a time of expiry`
	later := jwt.MapClaims{"sub": "x"}
	later["exp"] = time.Now().Add(time.Minute).Unix()
	jwt.NewWithClaims("HS256", later) // ok: the end is set
}

func refreshToken() {
	_ = jwt.MapClaims{"exp": time.Now().Add(720 * time.Hour).Unix()} // ok: a refresh token
}

func cookies() {
	_ = http.Cookie{Name: "session", MaxAge: 30 * 24 * 3600} // want `PHI305 session cookie lives longer than 12 hours`
	_ = http.Cookie{Name: "theme", MaxAge: 30 * 24 * 3600}   // ok: no session
	_ = http.Cookie{Name: "session", MaxAge: -1}             // ok: deletes it
}
