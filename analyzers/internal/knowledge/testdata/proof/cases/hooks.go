package cases

import (
	"context"
	"fmt"
	"log"
	"log/slog"

	"github.com/go-pg/pg/v10"
	"github.com/uptrace/bun"
	"xorm.io/xorm/contexts"
)

type bunHook struct{}

func (bunHook) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }

func (bunHook) AfterQuery(ctx context.Context, event *bun.QueryEvent) {
	if event.Query == "" { // ok: compared
		return
	}
	slog.InfoContext(ctx, "query", "template", event.QueryTemplate) // ok: without the values
	slog.InfoContext(ctx, "query", "length", len(event.Query))      // ok: counted
	slog.InfoContext(ctx, "query", "text", event.Query)             // want `high PHI208 query hook writes the values`
}

type bunText struct{}

func (bunText) AfterQuery(_ context.Context, event *bun.QueryEvent) {
	text := fmt.Sprintf("%s took long", event.Query)
	log.Print(text) // want `high PHI208 query hook writes the values`
}

type pgHook struct{}

func (pgHook) AfterQuery(_ context.Context, event *pg.QueryEvent) error {
	text, err := event.FormattedQuery()
	if err != nil {
		log.Print(err) // ok: the error
		return err
	}
	log.Println(string(text)) // want `high PHI208 query hook writes the values`
	return nil
}

type pgPlain struct{}

func (pgPlain) AfterQuery(_ context.Context, event *pg.QueryEvent) error {
	text, err := event.UnformattedQuery()
	log.Println(string(text)) // ok: without the values
	return err
}

type xormHook struct{}

func (xormHook) AfterProcess(c *contexts.ContextHook) error {
	log.Println(c.SQL, c.ExecuteTime) // ok: without the arguments
	log.Println(c.SQL, c.Args)        // want `high PHI208 query hook writes the values`
	return nil
}
