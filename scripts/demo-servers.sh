# shellcheck shell=bash
# shellcheck disable=SC2154 # the names are set by who sources this
# Certificates and configurations of the demo's web servers. Sourced by scripts/demo, and uses its variables.

# make_certificates: an authority, and a certificate for localhost, in $tls; all or nothing
make_certificates() {
  local new=$folder/tls.new key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
  rm -rf "$new" "$tls" && mkdir "$new" &&
    openssl req -x509 "${key[@]}" -days 30 -subj "/CN=oidcop demo authority" -keyout "$new/ca.key" -out "$new/ca.pem" \
      -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign &&
    openssl req "${key[@]}" -subj "/CN=localhost" -keyout "$new/site.key" -out "$new/site.csr" &&
    printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' >"$new/site.ext" &&
    openssl x509 -req -in "$new/site.csr" -CA "$new/ca.pem" -CAkey "$new/ca.key" -CAcreateserial -days 30 \
      -extfile "$new/site.ext" -out "$new/site.crt" &&
    # Who trusts this authority trusts one certificate, and nobody makes another.
    rm -f "$new/ca.key" "$new/ca.srl" "$new/site.csr" "$new/site.ext" &&
    give "$(id -un):$(id -gn "$runner")" "$new/site.key" &&
    chmod 640 "$new/site.key" &&
    mv "$new" "$tls"
}

write_lighttpd_configuration() {
  cat <<CONF
server.modules = ( "mod_openssl", "mod_fastcgi", "mod_accesslog" )
server.document-root = "$run/op"
server.bind = "127.0.0.1"
server.port = $op_port
server.errorlog = "$run/op/error.log"
server.breakagelog = "$run/op/oidcop.log"   # what oidcop.fcgi writes to standard error
accesslog.filename = "$run/op/access.log"
accesslog.format = "%h %t %m %U %s %b"   # %U: without the query, which holds codes and hints
ssl.engine = "enable"
ssl.pemfile = "$short/tls/site.crt"
ssl.privkey = "$short/tls/site.key"
fastcgi.server = ( "/" => ((
    "bin-path"    => "$short/root/usr/libexec/oidcop/oidcop.fcgi --config $short/op-$op_port/oidcop.json",
    "socket"      => "$shortcut/op.sock",
    "max-procs"   => 1,
    "check-local" => "disable"
)) )
CONF
}
write_apache_configuration() {
  local modules=/usr/lib/apache2/modules
  cat <<CONF
ServerRoot "$run/rp"
ServerName $rp
PidFile "$run/rp/apache.pid"
ErrorLog "$run/rp/error.log"
LogLevel warn
Mutex file:$run/rp
LoadModule mpm_event_module $modules/mod_mpm_event.so
LoadModule authn_core_module $modules/mod_authn_core.so
LoadModule authz_core_module $modules/mod_authz_core.so
LoadModule authz_user_module $modules/mod_authz_user.so
LoadModule ssl_module $modules/mod_ssl.so
LoadModule socache_shmcb_module $modules/mod_socache_shmcb.so
LoadModule dir_module $modules/mod_dir.so
LoadModule cgid_module $modules/mod_cgid.so
LoadModule auth_openidc_module $modules/mod_auth_openidc.so
ScriptSock "$shortcut/cgid.sock"
Listen 127.0.0.1:$rp_port
DocumentRoot "$run/rp/htdocs"
SSLEngine on
SSLCertificateFile "$short/tls/site.crt"
SSLCertificateKeyFile "$short/tls/site.key"
SSLSessionCache none

OIDCProviderMetadataURL $issuer/.well-known/openid-configuration
OIDCCABundlePath "$short/tls/ca.pem"
OIDCClientID $client
OIDCClientSecret "$secret"
OIDCRedirectURI $rp/protected/redirect_uri
OIDCCryptoPassphrase "$(openssl rand -hex 16)"
OIDCScope "openid profile email"
OIDCPKCEMethod S256
OIDCPassClaimsAs environment
OIDCRemoteUserClaim sub

<Directory "$run/rp/htdocs">
    Require all granted
</Directory>
<Directory "$run/rp/htdocs/protected">
    Options +ExecCGI
    DirectoryIndex index.cgi
    <Files "*.cgi">
        SetHandler cgi-script
    </Files>
</Directory>
<Location "/protected">
    AuthType openid-connect
    Require valid-user
</Location>
CONF
}
