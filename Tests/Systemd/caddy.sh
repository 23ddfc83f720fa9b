# The sample for Caddy with the real Caddy; read by inside.sh.
echo "# caddy"
systemctl start livetalk
# No certificate authority reaches this container: Caddy's own signs.
{ printf '{\n\tlocal_certs\n\tskip_install_trust\n}\n'; cat config/Caddyfile; } > /etc/caddy/Caddyfile
check "Caddy takes the sample" caddy validate --config /etc/caddy/Caddyfile --adapter caddyfile > /dev/null 2>&1
rm -f /etc/systemd/system/caddy.service
systemctl daemon-reload
check "systemctl start caddy" systemctl start caddy
site=(--insecure --resolve talks.example.com:443:127.0.0.1)
proxied https://talks.example.com
systemctl stop caddy
