# The sample for nginx with the real nginx; read by inside.sh.
echo "# nginx"
mkdir -p /etc/livetalk/tls
openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=talks.example.com -addext subjectAltName=DNS:talks.example.com \
    -keyout /etc/livetalk/tls/privkey.pem -out /etc/livetalk/tls/fullchain.pem 2> /dev/null
systemctl start livetalk
rm -f /etc/nginx/sites-enabled/default
cp config/nginx.conf /etc/nginx/conf.d/livetalk.conf
check "nginx takes the sample" nginx -q -t
rm -f /etc/systemd/system/nginx.service
systemctl daemon-reload
check "systemctl start nginx" systemctl start nginx
site=(--insecure --resolve talks.example.com:443:127.0.0.1 --resolve talks.example.com:80:127.0.0.1)
proxied https://talks.example.com
check "HTTP is sent to HTTPS" answers 308 "${site[@]}" http://talks.example.com/
systemctl stop nginx
