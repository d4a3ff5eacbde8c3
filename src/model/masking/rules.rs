//! What secrets look like, as data. Must be shapes that hardly anything else has: whoever issues a
//! token gives it a beginning by which it can be told, and the rules go by that.

/// One shape of a secret.
#[derive(Debug)]
pub struct Rule {
    /// Whose it is.
    #[cfg_attr(not(test), expect(dead_code, reason = "for readers of the list, and the tests"))]
    pub name: &'static str,
    /// One of these is in it, in small letters: a line without any is not looked at.
    pub hints: &'static [&'static str],
    /// A regular expression. Its first group stays, the rest is hidden.
    pub shape: &'static str,
}

const fn rule(name: &'static str, hints: &'static [&'static str], shape: &'static str) -> Rule {
    Rule { name, hints, shape }
}

/// All of them; what one has hidden, the next one does not see.
pub const RULES: &[Rule] = &[
    // By the name beside it: NAME_KEY=value, "apiKey": "value", password: value.
    rule(
        "named",
        &["key", "token", "secret", "passw", "credential"],
        r#"(?i)((?:[a-z0-9_.-]+[_.-]?key|[a-z0-9_.-]*(?:token|secret|passw(?:or)?d|credentials?))["']?\s*[=:]\s*["']?)[^\s"',;]{4,}"#,
    ),
    rule(
        "flag",
        &["key ", "token ", "secret ", "passwd ", "password "],
        r"(?i)(--(?:[a-z-]+-)?(?:key|apikey|token|secret|passw(?:or)?d)\s+)\S+",
    ),
    rule("header", &["bearer ", "basic "], r"(?i)(\b(?:bearer|basic)\s+)[a-z0-9._~+/=-]{8,}"),
    rule("cookie", &["cookie:"], r"(?i)(\b(?:set-)?cookie:\s*)\S.*"),
    rule("address", &["://"], r"([a-zA-Z][a-zA-Z0-9+.-]*://[^\s/:@]*:)[^\s/@]+@"),
    rule("curl", &["curl "], r"(\bcurl\s(?:.*\s)?(?:-u|--user)[\s=]+[^\s:]+:)\S+"),
    rule("sshpass", &["sshpass"], r"(\bsshpass\s+-p\s*)\S+"),
    // By how they begin.
    rule(
        "openai, anthropic, stripe",
        &["sk-", "sk_", "pk-", "pk_", "rk-", "rk_"],
        r"()\b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,}",
    ),
    rule("github", &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], r"()\bgh[pousr]_[A-Za-z0-9]{20,}"),
    rule("github, fine-grained", &["github_pat_"], r"()\bgithub_pat_[A-Za-z0-9_]{20,}"),
    rule(
        "gitlab",
        &["glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glsoat-", "glagent-", "gloas-"],
        r"()\bgl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|oas)-[A-Za-z0-9_.-]{16,}",
    ),
    rule(
        "slack",
        &["xoxa-", "xoxb-", "xoxe-", "xoxe.", "xoxp-", "xoxr-", "xoxs-", "xapp-"],
        r"()\b(?:xox[abeprs]|xapp)[-.][A-Za-z0-9.-]{10,}",
    ),
    rule(
        "slack, webhook",
        &["hooks.slack.com"],
        r"(hooks\.slack\.com/(?:services|workflows|triggers)/)[A-Za-z0-9+/]{20,}",
    ),
    rule(
        "discord, webhook",
        &["/api/webhooks/"],
        r"(discord(?:app)?\.com/api/webhooks/[0-9]+/)[A-Za-z0-9_-]{30,}",
    ),
    rule("telegram", &[":aa"], r"()\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}"),
    rule("aws", &["akia", "asia", "abia", "acca"], r"()\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b"),
    rule("google", &["aiza"], r"()\bAIza[0-9A-Za-z_-]{30,}"),
    rule("google, oauth", &["gocspx-", "ya29."], r"()\b(?:GOCSPX-|ya29\.)[0-9A-Za-z_-]{20,}"),
    rule("azure, storage", &["sig="], r"([?&]sig=)[A-Za-z0-9%+/=]{20,}"),
    rule("npm", &["npm_"], r"()\bnpm_[A-Za-z0-9]{30,}"),
    rule("pypi", &["pypi-age"], r"()\bpypi-AgE[A-Za-z0-9_-]{30,}"),
    rule("rubygems", &["rubygems_"], r"()\brubygems_[a-f0-9]{40,}"),
    rule("crates.io", &["cio"], r"()\bcio[A-Za-z0-9]{32}\b"),
    rule("docker", &["dckr_pat_", "dckr_oat_"], r"()\bdckr_[po]at_[A-Za-z0-9_-]{20,}"),
    rule("hugging face", &["hf_"], r"()\bhf_[A-Za-z0-9]{30,}"),
    rule("groq", &["gsk_"], r"()\bgsk_[A-Za-z0-9]{40,}"),
    rule("replicate", &["r8_"], r"()\br8_[A-Za-z0-9]{30,}"),
    rule("xai", &["xai-"], r"()\bxai-[A-Za-z0-9]{40,}"),
    rule("perplexity", &["pplx-"], r"()\bpplx-[A-Za-z0-9]{40,}"),
    rule("nvidia", &["nvapi-"], r"()\bnvapi-[A-Za-z0-9_-]{40,}"),
    rule("tavily", &["tvly-"], r"()\btvly-[A-Za-z0-9-]{20,}"),
    rule("sendgrid", &["sg."], r"()\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{30,}"),
    rule("mailgun", &["key-"], r"()\bkey-[a-f0-9]{32}\b"),
    rule(
        "shopify",
        &["shpat_", "shpss_", "shpca_", "shppa_"],
        r"()\bshp(?:at|ss|ca|pa)_[A-Fa-f0-9]{32}",
    ),
    rule("square", &["sq0"], r"()\bsq0[a-z]{3}-[A-Za-z0-9_-]{22,}"),
    rule("digitalocean", &["dop_v1_", "doo_v1_", "dor_v1_"], r"()\bdo[opr]_v1_[a-f0-9]{40,}"),
    rule("heroku", &["hrku-"], r"()\bHRKU-[A-Za-z0-9_-]{30,}"),
    rule("atlassian", &["atatt3", "atctt3"], r"()\bAT[AC]TT3[A-Za-z0-9_=-]{40,}"),
    rule("linear", &["lin_api_", "lin_oauth_"], r"()\blin_(?:api|oauth)_[A-Za-z0-9]{30,}"),
    rule("notion", &["ntn_"], r"()\bntn_[A-Za-z0-9]{40,}"),
    rule("airtable", &["pat"], r"()\bpat[A-Za-z0-9]{14}\.[a-f0-9]{64}"),
    rule("figma", &["figd_"], r"()\bfigd_[A-Za-z0-9_-]{30,}"),
    rule("postman", &["pmak-"], r"()\bPMAK-[a-f0-9]{24}-[a-f0-9]{34}"),
    rule("grafana", &["glsa_", "glc_"], r"()\bgl(?:sa|c)_[A-Za-z0-9+/=_]{32,}"),
    rule("new relic", &["nrak-"], r"()\bNRAK-[A-Z0-9]{27}"),
    rule("databricks", &["dapi"], r"()\bdapi[a-f0-9]{32}"),
    rule("terraform", &["atlasv1."], r"()\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9=_-]{40,}"),
    rule("vault", &["hvs.", "hvb.", "hvr."], r"()\bhv[sbr]\.[A-Za-z0-9_-]{24,}"),
    rule("doppler", &["dp."], r"()\bdp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9._-]{40,}"),
    rule("pulumi", &["pul-"], r"()\bpul-[a-f0-9]{40}"),
    rule("planetscale", &["pscale_"], r"()\bpscale_(?:tkn|pw|oauth)_[A-Za-z0-9=._-]{32,}"),
    rule("supabase", &["sbp_", "sb_secret_"], r"()\b(?:sbp_|sb_secret_)[A-Za-z0-9_]{30,}"),
    rule("fly.io", &["fm1r_", "fm2_"], r"()\bfm(?:1r|2)_[A-Za-z0-9+/=_-]{40,}"),
    rule("tailscale", &["tskey-"], r"()\btskey-[a-z]+-[A-Za-z0-9-]{16,}"),
    rule("sentry", &["sntrys_", "sntryu_"], r"()\bsntry[su]_[A-Za-z0-9+/=_]{40,}"),
    rule("circleci", &["ccipat_"], r"()\bCCIPAT_[A-Za-z0-9_]{30,}"),
    rule("age", &["age-secret-key-1"], r"()\bAGE-SECRET-KEY-1[A-Z0-9]{40,}"),
    rule("1password", &["ops_eyj"], r"()\bops_eyJ[A-Za-z0-9+/=_-]{40,}"),
    rule("jwt", &["eyj"], r"()\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*"),
];
