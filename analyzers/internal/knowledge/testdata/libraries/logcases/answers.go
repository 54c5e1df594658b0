package logcases

import (
	"database/sql"
	"net/http"

	"connectrpc.com/connect"
	"github.com/gin-gonic/gin"
	"github.com/go-chi/render"
	"github.com/go-resty/resty/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/imroc/req/v3"
	"github.com/labstack/echo/v4"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"libraries/cases"
)

func ginAnswers(c *gin.Context, db *sql.DB, p cases.Patient) {
	err := update(db, p)
	c.JSON(500, gin.H{"error": err.Error()})                // want "PHI207"
	c.AbortWithStatusJSON(500, gin.H{"error": err.Error()}) // want "PHI207"
	c.IndentedJSON(500, gin.H{"error": err.Error()})        // want "PHI207"
	c.String(500, "failed: %v", err)                        // want "PHI207"
	c.Data(500, "text/plain", []byte(err.Error()))          // want "PHI207"
	c.Writer.WriteString(err.Error())                       // want "PHI207"
	c.JSON(500, gin.H{"error": "not saved"})                // ok: a text of one's own
	c.JSON(200, p)                                          // ok: the service's job
	c.String(200, "%s", p.SSN)                              // ok: the service's job
	c.JSON(500, gin.H{"error": errConstant.Error()})        // ok: a constant
}

func echoAnswers(c echo.Context, db *sql.DB, p cases.Patient) error {
	err := update(db, p)
	c.JSON(500, map[string]string{"error": err.Error()}) // want "PHI207"
	c.String(500, err.Error())                           // want "PHI207"
	c.JSON(200, p)                                       // ok: the service's job
	c.String(500, "not saved")                           // ok: a text of one's own
	return echo.NewHTTPError(500, err.Error())           // want "PHI207"
}

func fiberAnswers(c *fiber.Ctx, db *sql.DB, p cases.Patient) error {
	err := update(db, p)
	c.Status(500).JSON(fiber.Map{"error": err.Error()}) // want "PHI207"
	c.SendString(err.Error())                           // want "PHI207"
	c.JSON(p)                                           // ok: the service's job
	c.SendString("not saved")                           // ok: a text of one's own
	return fiber.NewError(500, err.Error())             // want "PHI207"
}

func chiAnswers(w http.ResponseWriter, r *http.Request, db *sql.DB, p cases.Patient) {
	err := update(db, p)
	render.JSON(w, r, map[string]string{"error": err.Error()}) // want "PHI207"
	render.PlainText(w, r, err.Error())                        // want "PHI207"
	render.JSON(w, r, p)                                       // ok: the service's job
	render.PlainText(w, r, "not saved")                        // ok: a text of one's own
}

func rpcAnswers(db *sql.DB, p cases.Patient) error {
	err := update(db, p)
	switch p.ID {
	case 1:
		return status.Errorf(codes.Internal, "saving: %v", err) // want "PHI207"
	case 2:
		return status.Error(codes.Internal, err.Error()) // want "PHI207"
	case 3:
		return status.New(codes.Internal, err.Error()).Err() // want "PHI207"
	case 4:
		return connect.NewError(connect.CodeInternal, err) // want "PHI207"
	case 5:
		return status.Error(codes.Internal, "not saved") // ok: a text of one's own
	}
	return connect.NewError(connect.CodeInternal, errConstant) // ok: a constant
}

func reqAddresses(c *req.Client, p cases.Patient, v, ward string) {
	c.R().SetQueryParam("id", p.SSN).Get("/patients")                     // want "PHI210"
	c.R().SetQueryParam("ssn", v).Get("/patients")                        // want "PHI210"
	c.R().SetQueryParams(map[string]string{"id": p.SSN}).Get("/patients") // want "PHI210"
	c.R().SetPathParam("ssn", p.SSN).Get("/patients/{ssn}")               // want "PHI210"
	c.R().SetQueryString("ssn=" + p.SSN).Get("/patients")                 // want "PHI210"
	c.R().Get("/patients/" + p.SSN)                                       // want "PHI210"
	c.R().SetQueryParam("ward", ward).Get("/beds")                        // ok: no PHI
	c.R().SetBody(p).Post("/patients")                                    // ok: the body
}

func restyAddresses(c *resty.Client, p cases.Patient, v, ward string) {
	c.R().SetQueryParam("id", p.SSN).Get("/patients")                     // want "PHI210"
	c.R().SetQueryParam("ssn", v).Get("/patients")                        // want "PHI210"
	c.R().SetQueryParams(map[string]string{"id": p.SSN}).Get("/patients") // want "PHI210"
	c.R().SetPathParam("ssn", p.SSN).Get("/patients/{ssn}")               // want "PHI210"
	c.R().Get("/patients/" + p.SSN)                                       // want "PHI210"
	c.R().SetQueryParam("ward", ward).Get("/beds")                        // ok: no PHI
	c.R().SetBody(p).Post("/patients")                                    // ok: the body
	c.R().SetFormData(map[string]string{"ssn": v}).Post("/search")        // ok: the body
}
