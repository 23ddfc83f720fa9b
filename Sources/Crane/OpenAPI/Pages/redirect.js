// The code comes in the query, a token of the implicit flow in the fragment.
const answer = location.hash.length > 1 ? location.hash.slice(1) : location.search.slice(1);
if (window.opener && answer) {
    window.opener.postMessage({ kind: "oauth2-redirect", answer }, location.origin);
    window.close();
} else {
    document.getElementById("message").textContent =
        "This page takes the answer of an authorization server; there is nothing to do here.";
}
