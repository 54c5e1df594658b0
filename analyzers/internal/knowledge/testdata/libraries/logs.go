package libraries

import (
	_ "connectrpc.com/connect"
	_ "github.com/DataDog/dd-trace-go/v2/ddtrace/tracer"
	_ "github.com/apex/log"
	_ "github.com/bugsnag/bugsnag-go"
	_ "github.com/charmbracelet/log"
	_ "github.com/go-chi/render"
	_ "github.com/go-kit/log"
	_ "github.com/go-resty/resty/v2"
	_ "github.com/hashicorp/go-hclog"
	_ "github.com/honeybadger-io/honeybadger-go"
	_ "github.com/newrelic/go-agent/v3/newrelic"
	_ "github.com/rollbar/rollbar-go"
	_ "github.com/slack-go/slack"
	_ "golang.org/x/exp/slog"
	_ "gopkg.in/DataDog/dd-trace-go.v1/ddtrace/tracer"
)
