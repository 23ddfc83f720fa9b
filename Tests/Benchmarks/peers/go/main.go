// peer PORT [DATABASE]: Go's net/http, answering GET /plaintext and GET /comments/{id}.
package main

import (
	"database/sql"
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"

	_ "github.com/mattn/go-sqlite3"
)

type comment struct {
	ID        int64  `json:"id"`
	TalkID    int64  `json:"talk_id"`
	UserIP    string `json:"user_ip"`
	Text      string `json:"comment_text"`
	CreatedAt string `json:"created_at"`
	UpdatedAt string `json:"updated_at"`
}

const query = "SELECT id, talk_id, user_ip, comment_text, created_at, updated_at FROM comments WHERE id = ?"

func comments(path string) http.HandlerFunc {
	database, err := sql.Open("sqlite3", path)
	if err != nil {
		log.Fatal(err)
	}
	statement, err := database.Prepare(query)
	if err != nil {
		log.Fatal(err)
	}
	return func(response http.ResponseWriter, request *http.Request) {
		id, err := strconv.ParseInt(strings.TrimPrefix(request.URL.Path, "/comments/"), 10, 64)
		if err != nil {
			http.NotFound(response, request)
			return
		}
		var found comment
		err = statement.QueryRow(id).Scan(
			&found.ID, &found.TalkID, &found.UserIP, &found.Text, &found.CreatedAt, &found.UpdatedAt)
		if errors.Is(err, sql.ErrNoRows) {
			http.NotFound(response, request)
			return
		}
		if err != nil {
			http.Error(response, err.Error(), http.StatusInternalServerError)
			return
		}
		body, _ := json.Marshal(found)
		response.Header().Set("Content-Type", "application/json")
		response.Header().Set("Content-Length", strconv.Itoa(len(body)))
		response.Write(body)
	}
}

func main() {
	hello := []byte("Hello, World!")
	http.HandleFunc("/plaintext", func(response http.ResponseWriter, request *http.Request) {
		response.Header().Set("Content-Type", "text/plain; charset=utf-8")
		response.Write(hello)
	})
	if len(os.Args) > 2 {
		http.HandleFunc("/comments/", comments(os.Args[2]))
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
