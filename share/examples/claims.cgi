#!/bin/sh
# A page that a relying party protects: prints what mod_auth_openidc learnt from the provider.
printf 'Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n\r\n'
escape() { sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g' -e 's/"/\&quot;/g'; }
cat <<'HTML'
<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Signed in</title>
<style>body{font:16px/1.5 sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}td,th{text-align:left;padding:.2rem 1rem .2rem 0;vertical-align:top}td{font-family:monospace;word-break:break-all}</style>
</head><body><h1>Signed in</h1><p>The relying party received these claims:</p><table id="claims">
HTML
env | grep '^OIDC_CLAIM_' | sort | escape | sed 's|^OIDC_CLAIM_\([^=]*\)=\(.*\)$|<tr><th>\1</th><td>\2</td></tr>|'
printf '</table></body></html>\n'
