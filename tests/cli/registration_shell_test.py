"""Clients that register themselves, from the administrator's side."""

import json
import unittest

from shell import Shell

ENDPOINTS = {"provider_info": {}, "jwks": {}, "authorization": {}, "token": {}, "userinfo": {}, "registration": {},
             "registration_api": {}}
METADATA = {"redirect_uris": ["https://app.example.net/cb"], "client_name": "The App"}


class RegistrationShell(Shell):
    def setUp(self):
        super().setUp()
        self.init()
        self.configure()

    def configure(self, **registration):
        self.fragment("endpoints", endpoint={**ENDPOINTS, "registration": registration})

    def request(self, method, path, query="", token=None, document=None):
        body = b"" if document is None else json.dumps(document).encode()
        headers = {} if token is None else {"HTTP_AUTHORIZATION": f"Bearer {token}"}
        head, answer = self.cgi(path, body=body, REQUEST_METHOD=method, CONTENT_TYPE="application/json",
                                QUERY_STRING=query, REQUEST_URI=path + ("?" + query if query else ""), **headers)
        return head.splitlines()[0], json.loads(answer) if answer else None

    def enroll(self, token=None):
        return self.request("POST", "/registration", token=token, document=METADATA)

    def test_a_token_that_was_issued_registers_clients_until_it_is_used_up(self):
        token = self.json("client", "token", "issue", "--uses", "2", "--lifetime", "1h", "--note", "for the wiki")
        self.assertEqual(token["registration_endpoint"], "https://op.example.org/registration")
        self.assertEqual(token["expires_at"] - token["created_at"], 3600)
        for _ in range(2):
            status, client = self.enroll(token["initial_access_token"])
            self.assertIn("201", status, client)
        status, refused = self.enroll(token["initial_access_token"])
        self.assertIn("401", status)
        self.assertEqual(refused["error"], "invalid_token")
        listed = self.json("client", "token", "list")
        self.assertEqual([(one["id"], one["uses"], one["note"]) for one in listed], [(token["id"], 2, "for the wiki")])
        self.assertRegex(self.run_tool("client", "token", "list"), rf"{token['id']} +used up +2/2 .*for the wiki")
        shown = self.json("client", "show", client["client_id"])
        self.assertEqual((shown["origin"], shown["vetted"]), ("initial_access_token", True))
        for secret in (token["initial_access_token"], client["client_secret"], client["registration_access_token"]):
            self.assertNotIn(secret.encode(), b"".join(
                path.read_bytes() for path in self.folder.rglob("*") if path.is_file()))

    def test_a_token_is_revoked_by_its_id(self):
        token = self.json("client", "token", "issue", "--uses", "5")
        self.run_tool("client", "token", "revoke", "nothing", code=1)
        self.assertEqual(self.json("client", "token", "revoke", token["id"]), {"revoked": token["id"]})
        self.assertIn("401", self.enroll(token["initial_access_token"])[0])
        self.assertIn("revoked", self.run_tool("client", "token", "list"))

    def test_wrong_options_of_a_token_are_named(self):
        self.run_tool("client", "token", "issue", "--uses", "0", code=2)
        self.run_tool("client", "token", "issue", "--uses", "many", code=2)
        self.assertIn("--lifetime", self.run_tool("client", "token", "issue", "--lifetime", "soon", code=1))
        self.assertIn("--lifetime", self.run_tool("client", "token", "issue", "--lifetime", "0", code=1))
        self.assertIn("--note", self.run_tool("client", "token", "issue", "--note", "x" * 201, code=1))
        self.assertEqual(self.json("client", "token", "list"), [])
        self.assertIn("no initial access tokens", self.run_tool("client", "token", "list"))

    def test_a_client_that_anybody_registered_is_vetted(self):
        self.configure(policy="open")
        _, client = self.enroll()
        name = client["client_id"]
        shown = self.json("client", "show", name)
        self.assertEqual((shown["origin"], shown["vetted"]), ("open_registration", False))
        self.assertRegex(self.run_tool("client", "show", name), r"(?m)^vetted: +no ")
        self.run_tool("client", "vet", "nobody", code=1)
        self.assertTrue(self.json("client", "vet", name)["vetted"])
        self.assertRegex(self.run_tool("client", "show", name), r"(?m)^vetted: +yes$")

    def test_a_client_manages_its_registration(self):
        self.configure(policy="open")
        _, client = self.enroll()
        query = "client_id=" + client["client_id"]
        token = client["registration_access_token"]
        status, read = self.request("GET", "/registration_api", query, token)
        self.assertIn("200", status, read)
        self.assertEqual(read["client_name"], "The App")
        changed = {"client_id": client["client_id"], "redirect_uris": ["https://app.example.net/new"]}
        status, updated = self.request("PUT", "/registration_api", query, token, changed)
        self.assertIn("200", status, updated)
        self.assertEqual(self.json("client", "show", client["client_id"])["redirect_uris"], ["https://app.example.net/new"])
        status, nothing = self.request("DELETE", "/registration_api", query, token)
        self.assertIn("204", status)
        self.assertIsNone(nothing)
        self.run_tool("client", "show", client["client_id"], code=1)


if __name__ == "__main__":
    unittest.main()
