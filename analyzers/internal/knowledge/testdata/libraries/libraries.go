// Package libraries imports every library that the knowledge files name, so
// that the module has them and the test can load their types.
package libraries

import (
	_ "database/sql"

	_ "entgo.io/ent/dialect/sql"
	_ "github.com/Masterminds/squirrel"
	_ "github.com/aarondl/sqlboiler/v4/queries/qm"
	_ "github.com/doug-martin/goqu/v9"
	_ "github.com/go-logr/logr"
	_ "github.com/go-pg/pg/v10"
	_ "github.com/gobuffalo/pop/v6"
	_ "github.com/gocraft/dbr/v2"
	_ "github.com/gofiber/fiber/v2/log"
	_ "github.com/golang/glog"
	_ "github.com/huandu/go-sqlbuilder"
	_ "github.com/jackc/pgconn"
	_ "github.com/jackc/pgx/v4/pgxpool"
	_ "github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jinzhu/gorm"
	_ "github.com/jmoiron/sqlx"
	_ "github.com/labstack/echo/v4"
	_ "github.com/lib/pq"
	_ "github.com/rs/zerolog/log"
	_ "github.com/sirupsen/logrus"
	_ "github.com/uptrace/bun"
	_ "go.uber.org/zap"
	_ "golang.org/x/crypto/bcrypt"
	_ "gorm.io/gorm"
	_ "k8s.io/klog/v2"
	_ "xorm.io/builder"
	_ "xorm.io/xorm"
)
