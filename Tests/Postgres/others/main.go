// The comments' POST and GET on net/http with pgx, as one would write them: DATABASE_URL and PORT say where.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v4/pgxpool"
)

type comment struct {
	ID        int64     `json:"id"`
	TalkID    int64     `json:"talk_id"`
	UserIP    string    `json:"user_ip"`
	Text      string    `json:"comment_text"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

const columns = "SELECT id, talk_id, user_ip, comment_text, created_at, updated_at FROM plain "

func (c *comment) scan(row pgx.Row) error {
	return row.Scan(&c.ID, &c.TalkID, &c.UserIP, &c.Text, &c.CreatedAt, &c.UpdatedAt)
}

func answer(w http.ResponseWriter, value any, err error) {
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		http.Error(w, "Comment not found", http.StatusNotFound)
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	default:
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(value)
	}
}

func create(pool *pgxpool.Pool, r *http.Request) (comment, error) {
	var c comment
	if err := json.NewDecoder(r.Body).Decode(&c); err != nil {
		return c, err
	}
	c.CreatedAt = time.Now().UTC()
	c.UpdatedAt = c.CreatedAt
	err := pool.QueryRow(r.Context(),
		"INSERT INTO plain (talk_id, user_ip, comment_text, created_at, updated_at) VALUES ($1, $2, $3, $4, $4) RETURNING id",
		c.TalkID, c.UserIP, c.Text, c.CreatedAt).Scan(&c.ID)
	return c, err
}

func list(pool *pgxpool.Pool, r *http.Request) ([]comment, error) {
	talk, err := strconv.ParseInt(r.URL.Query().Get("talk_id"), 10, 64)
	if err != nil {
		return nil, err
	}
	rows, err := pool.Query(r.Context(), columns+"WHERE talk_id = $1 ORDER BY id LIMIT 100", talk)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := []comment{}
	for rows.Next() {
		var c comment
		if err := c.scan(rows); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, rows.Err()
}

func main() {
	config, err := pgxpool.ParseConfig(os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	config.MaxConns = 16
	pool, err := pgxpool.ConnectConfig(context.Background(), config)
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/plaintext", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("Hello, World!")) })
	http.HandleFunc("/comments/", func(w http.ResponseWriter, r *http.Request) {
		number := strings.TrimPrefix(r.URL.Path, "/comments/")
		switch {
		case r.Method == http.MethodPost:
			c, err := create(pool, r)
			answer(w, c, err)
		case number == "":
			all, err := list(pool, r)
			answer(w, all, err)
		default:
			var c comment
			id, _ := strconv.ParseInt(number, 10, 64)
			err := c.scan(pool.QueryRow(r.Context(), columns+"WHERE id = $1", id))
			answer(w, c, err)
		}
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
