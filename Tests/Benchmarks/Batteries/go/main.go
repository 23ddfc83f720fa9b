// batteries PORT DOCUMENT none|compression|sessions|metrics: Go's net/http with what its programs have for the same.
package main

import (
	"compress/gzip"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

var secret = []byte("a secret of thirty-two bytes or more")

// Writers are used again, as the middleware that everybody takes does it.
var writers = sync.Pool{New: func() any {
	writer, _ := gzip.NewWriterLevel(io.Discard, 4)
	return writer
}}

func compressed(body []byte) http.HandlerFunc {
	return func(response http.ResponseWriter, request *http.Request) {
		response.Header().Set("Content-Type", "application/json")
		response.Header().Add("Vary", "Accept-Encoding")
		if !strings.Contains(request.Header.Get("Accept-Encoding"), "gzip") {
			response.Write(body)
			return
		}
		response.Header().Set("Content-Encoding", "gzip")
		writer := writers.Get().(*gzip.Writer)
		writer.Reset(response)
		writer.Write(body)
		writer.Close()
		writers.Put(writer)
	}
}

type session struct {
	Made    int64  `json:"made"`
	Visitor string `json:"visitor"`
}

func sign(content string) string {
	tag := hmac.New(sha256.New, secret)
	tag.Write([]byte(content))
	return base64.RawURLEncoding.EncodeToString(tag.Sum(nil))
}

func login(response http.ResponseWriter, request *http.Request) {
	content, _ := json.Marshal(session{time.Now().Unix(), "ada"})
	text := base64.RawURLEncoding.EncodeToString(content)
	http.SetCookie(response, &http.Cookie{Name: "session", Value: text + "." + sign(text), Path: "/", HttpOnly: true})
	response.Write([]byte("\"in\""))
}

func visit(response http.ResponseWriter, request *http.Request) {
	name := "stranger"
	if cookie, err := request.Cookie("session"); err == nil {
		text, tag, _ := strings.Cut(cookie.Value, ".")
		if hmac.Equal([]byte(tag), []byte(sign(text))) {
			var found session
			content, err := base64.RawURLEncoding.DecodeString(text)
			if err == nil && json.Unmarshal(content, &found) == nil && time.Now().Unix()-found.Made < 14*24*3600 {
				name = found.Visitor
			}
		}
	}
	response.Header().Set("Content-Type", "application/json")
	response.Header().Set("Vary", "Cookie")
	response.Write([]byte(strconv.Quote("Hello, " + name)))
}

func plaintext(response http.ResponseWriter, request *http.Request) {
	response.Header().Set("Content-Type", "text/plain; charset=utf-8")
	response.Write([]byte("Hello, World!"))
}

// As promhttp's own examples have it: a counter by status and a histogram, for one route.
func counted(next http.Handler) http.Handler {
	total := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "http_requests_total", ConstLabels: prometheus.Labels{"route": "/plaintext"},
	}, []string{"code", "method"})
	times := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "http_request_duration_seconds", ConstLabels: prometheus.Labels{"route": "/plaintext"},
	}, []string{"method"})
	running := prometheus.NewGauge(prometheus.GaugeOpts{Name: "http_requests_running"})
	prometheus.MustRegister(total, times, running)
	return promhttp.InstrumentHandlerInFlight(running,
		promhttp.InstrumentHandlerDuration(times, promhttp.InstrumentHandlerCounter(total, next)))
}

func main() {
	body, err := os.ReadFile(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	plain := http.Handler(http.HandlerFunc(plaintext))
	document := func(response http.ResponseWriter, request *http.Request) {
		response.Header().Set("Content-Type", "application/json")
		response.Header().Set("Content-Length", strconv.Itoa(len(body)))
		response.Write(body)
	}
	switch os.Args[3] {
	case "none":
		http.HandleFunc("/visit", func(response http.ResponseWriter, request *http.Request) {
			response.Header().Set("Content-Type", "application/json")
			response.Write([]byte("\"Hello, ada\""))
		})
	case "compression":
		document = compressed(body)
	case "sessions":
		http.HandleFunc("/login", login)
		http.HandleFunc("/visit", visit)
	case "metrics":
		plain = counted(plain)
		http.Handle("/metrics", promhttp.Handler())
	}
	http.Handle("/plaintext", plain)
	http.HandleFunc("/document", document)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
