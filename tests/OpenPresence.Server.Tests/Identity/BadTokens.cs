using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;
using OpenPresence.Server.Contracts;
using static OpenPresence.Server.Contracts.RefusalKind;
using static OpenPresence.Server.Tests.Identity.TokenWorkshop;

namespace OpenPresence.Server.Tests.Identity;

/// <summary>One way in which an Authorization header can be wrong.</summary>
/// <param name="Kind">What it is refused as.</param>
/// <param name="Says">What the refusal's sentence contains.</param>
/// <param name="Header">The header's values, at an instant.</param>
internal sealed record BadToken(RefusalKind Kind, string Says, Func<DateTimeOffset, StringValues> Header);

/// <summary>
/// The table of bad tokens. All are good but for one thing, and all carry <see cref="Secret"/> where a token can,
/// so that a search for it finds anything that leaked.
/// </summary>
internal static class BadTokens
{
    public const string Secret = "S3NT1NEL";

    public static IReadOnlyDictionary<string, BadToken> All { get; } =
        new Dictionary<string, BadToken>(StringComparer.Ordinal)
        {
            ["no header"] = new(TokenMissing, "", _ => StringValues.Empty),
            ["an empty header"] = new(TokenMissing, "", _ => ""),
            ["a scheme without a token"] = new(TokenMissing, "", _ => "Bearer"),
            ["a scheme with blanks"] = new(TokenMissing, "", _ => "Bearer    "),
            ["another scheme"] = new(TokenMissing, "", _ => $"Basic {Secret}"),
            ["two headers"] = new(TokenMalformed, "", now => Twice(Good(now))),
            ["an opaque token"] = Malformed(_ => Secret),
            ["two parts"] = Malformed(_ => $"{Secret}.{Secret}"),
            ["four parts"] = Malformed(now => $"{Good(now)}.{Secret}"),
            ["five parts, encrypted"] = Malformed(_ => $"{Secret}.a.b.c.d"),
            ["nothing but dots"] = Malformed(_ => ".."),
            ["an empty payload"] = Malformed(now => Part(Good(now), 1, "")),
            ["a blank inside"] = Malformed(now => Good(now).Insert(40, " ")),
            ["a line break inside"] = Malformed(now => Good(now).Insert(40, "\n")),
            ["padding"] = Malformed(now => Good(now) + "="),
            ["letters that are not ASCII"] = Malformed(now => Good(now).Insert(40, "é")),
            ["a signature of impossible length"] = Malformed(now => Part(Good(now), 2, "AAAAA")),
            ["a header that is no JSON"] = Malformed(now => Raw($"{Secret}", Claims(now))),
            ["a header that is an array"] = Malformed(now => Raw("[]", Claims(now))),
            ["a payload that is no JSON"] = Malformed(_ => Raw(GoodHeader, $"{{{Secret}")),
            ["a payload that is a string"] = Malformed(_ => Raw(GoodHeader, $"\"{Secret}\"")),
            ["a payload with more after it"] = Malformed(now => Raw(GoodHeader, Claims(now) + "1")),
            ["a payload with a comment"] = Malformed(now => Raw(GoodHeader, "/**/" + Claims(now))),
            ["a payload with invalid UTF-8"] = Malformed(now => InvalidUtf8(now)),
            ["deep nesting"] = Malformed(now =>
                Raw(GoodHeader, With(now, $"\"x\":{new string('[', 40)}{new string(']', 40)}"))
            ),
            ["a claim twice"] = Malformed(now => Raw(GoodHeader, With(now, $"\"oid\":\"{Person}\""))),
            ["a claim twice, once in disguise"] = Malformed(now =>
                Raw(GoodHeader, With(now, $"\"\\u006fid\":\"{Person}\""))
            ),
            ["a member twice, further in"] = Malformed(now => Raw(GoodHeader, With(now, "\"x\":{\"a\":1,\"a\":2}"))),
            ["a name with half a character"] = Malformed(now => Raw(GoodHeader, With(now, "\"\\ud800\":1"))),
            ["a header member twice"] = Malformed(now => Raw("{\"alg\":\"none\"," + GoodHeader[1..], Claims(now))),
            ["more than the largest size"] = Malformed(now => Changed(now, c => c["x"] = new string('x', 20_000))),
            ["exp that is a word"] = Malformed(now => Changed(now, c => c["exp"] = "tomorrow")),
            ["exp that is true"] = Malformed(now => Changed(now, c => c["exp"] = true)),
            ["exp that is negative"] = Malformed(now => Changed(now, c => c["exp"] = -1)),
            ["exp beyond all time"] = Malformed(now => Changed(now, c => c["exp"] = 1e300)),
            ["exp that no number can hold"] = Malformed(now =>
                Raw(GoodHeader, Claims(now, c => c.Remove("exp"))[..^1] + ",\"exp\":1e999}")
            ),
            ["nbf that is a list"] = Malformed(now => Changed(now, c => c["nbf"] = new JsonArray())),
            ["no exp"] = Rejected("exp", now => Changed(now, c => c.Remove("exp"))),
            ["expired"] = new(
                TokenExpired,
                "",
                now => Bearer(Changed(now, c => c["exp"] = Seconds(now.AddSeconds(-60))))
            ),
            ["not yet valid"] = new(
                TokenNotYetValid,
                "",
                now => Bearer(Changed(now, c => c["nbf"] = Seconds(now.AddSeconds(61))))
            ),
            ["no algorithm at all"] = Rejected("RS256", now => Alg(now, null)),
            ["algorithm none"] = Rejected("RS256", now => Alg(now, "none")),
            ["algorithm none, mixed case"] = Rejected("RS256", now => Alg(now, "nOnE")),
            ["algorithm none, with a good signature"] = Rejected(
                "RS256",
                now => Sign(Header("none").ToJsonString(), Claims(now), "RS256")
            ),
            ["HMAC with the public key"] = Rejected("RS256", now => Alg(now, "HS256")),
            ["HMAC called RS256"] = Rejected("signature", now => Sign(GoodHeader, Claims(now), "HS256")),
            ["RS384"] = Rejected("RS256", now => Alg(now, "RS384")),
            ["rs256 in small letters"] = Rejected(
                "RS256",
                now => Sign(Header("rs256").ToJsonString(), Claims(now), "RS256")
            ),
            ["an elliptic key called RS256"] = Rejected(
                "signature",
                now => Sign(Header("RS256", EcKeyId), PersonClaims(now))
            ),
            ["an RSA key called ES256"] = Rejected(
                "signature",
                now => Sign(Header("ES256", RsaKeyId), PersonClaims(now))
            ),
            ["an elliptic signature in DER"] = Rejected("signature", DerSignature),
            ["no signature"] = Rejected("signature", now => Part(Good(now), 2, "")),
            ["half a signature"] = Rejected("signature", now => Part(Good(now), 2, "AAAAAAAA")),
            ["a signature of zeros"] = Rejected("signature", now => Part(Good(now), 2, new string('A', 342))),
            ["another payload under the signature"] = Rejected(
                "signature",
                now => Part(Good(now), 1, Good(now.AddHours(1)).Split('.')[1])
            ),
            ["a stranger's key of the same kid"] = Rejected("signature", Strangers),
            ["a token that only Microsoft can check"] = Rejected(
                "Microsoft alone",
                now => Part(Sign(With(Header(), "nonce", Secret), PersonClaims(now)), 2, new string('A', 342))
            ),
            ["no kid"] = Rejected("kid", now => Kid(now, null)),
            ["a kid that is a number"] = Rejected("kid", now => Kid(now, 7)),
            ["a kid without end"] = Rejected("kid", now => Kid(now, new string('k', 300))),
            ["a kid with half a character"] = Rejected(
                "kid",
                now => Raw("""{"alg":"RS256","kid":"\ud800"}""", Claims(now))
            ),
            ["an unknown kid"] = Rejected("kid", now => Kid(now, Secret)),
            ["a kid that is a path"] = Rejected("kid", now => Kid(now, "../../etc/passwd")),
            ["a critical extension"] = Rejected(
                "critical",
                now => Sign(With(Header(), "crit", new JsonArray("b64")), PersonClaims(now))
            ),
            ["a logout token"] = Rejected("type", now => Sign(With(Header(), "typ", "logout+jwt"), PersonClaims(now))),
            ["a type with half a character"] = Rejected(
                "type",
                now => Raw("""{"typ":"\ud800","alg":"RS256","kid":"rsa-1"}""", Claims(now))
            ),
            ["a type that is a number"] = Rejected("type", now => Sign(With(Header(), "typ", 1), PersonClaims(now))),
            ["no issuer"] = Rejected("issuer", now => Changed(now, c => c.Remove("iss"))),
            ["an issuer that is a number"] = Rejected("issuer", now => Changed(now, c => c["iss"] = 1)),
            ["an unknown issuer"] = Rejected(
                "issuer",
                now => Changed(now, c => c["iss"] = $"https://{Secret}.example")
            ),
            ["another audience"] = Rejected(
                "accepts https://graph.microsoft.com",
                now => Changed(now, c => c["aud"] = $"api://{Secret}")
            ),
            ["no audience"] = Rejected("audience", now => Changed(now, c => c.Remove("aud"))),
            ["an empty list of audiences"] = Rejected("audience", now => Changed(now, c => c["aud"] = new JsonArray())),
            ["a tenant that is not here"] = Rejected(
                "tenant",
                now =>
                    Changed(
                        now,
                        c =>
                        {
                            c["tid"] = "99999999-0000-0000-0000-000000000000";
                            c["iss"] = "https://localhost:5443/99999999-0000-0000-0000-000000000000/v2.0";
                        }
                    )
            ),
            ["another tenant than the issuer's"] = Rejected(
                "tenant",
                now => Changed(now, c => c["tid"] = AuthenticatorFixture.OtherTenantId.ToString())
            ),
            ["no tenant"] = Rejected("tenant", now => Changed(now, c => c.Remove("tid"))),
            ["no application"] = Rejected("application", now => Changed(now, c => c.Remove("azp"))),
            ["an application that was removed"] = Rejected(
                "application",
                now => Changed(now, c => c["azp"] = "22222222-0000-0000-0000-000000000000")
            ),
            ["no person"] = Rejected("user", now => Changed(now, c => c.Remove("oid"))),
            ["a person who is not here"] = Rejected(
                "user",
                now => Changed(now, c => c["oid"] = "33333333-0000-0000-0000-000000000000")
            ),
            ["a person of another tenant"] = Rejected(
                "user",
                now => Changed(now, c => c["oid"] = AuthenticatorFixture.OtherTenantsId.ToString())
            ),
            ["a disabled person"] = Rejected(
                "disabled",
                now => Changed(now, c => c["oid"] = AuthenticatorFixture.DisabledId.ToString())
            ),
            ["a name with NUL instead of a person"] = Rejected(
                "user",
                now => Changed(now, c => c["oid"] = $"{Person}\0")
            ),
            ["a personal account"] = new(
                PersonalAccount,
                "",
                now => Bearer(Changed(now, c => c["tid"] = "9188040d-6c67-4c5b-b112-36a304b66dad"))
            ),
            ["a personal account as a guest"] = new(
                PersonalAccount,
                "",
                now => Bearer(Changed(now, c => c["idp"] = "live.com"))
            ),
        };

    private static string GoodHeader => Header().ToJsonString();

    private static BadToken Malformed(Func<DateTimeOffset, string> token) =>
        new(TokenMalformed, "", now => Bearer(token(now)));

    private static BadToken Rejected(string says, Func<DateTimeOffset, string> token) =>
        new(TokenRejected, says, now => Bearer(token(now)));

    private static StringValues Bearer(string token) => $"Bearer {token}";

    private static StringValues Twice(string token) => new([$"Bearer {token}", $"Bearer {token}"]);

    private static string Good(DateTimeOffset now) => Sign(Marked(now));

    private static JsonObject Marked(DateTimeOffset now) => With(PersonClaims(now), "uti", Secret);

    private static string Claims(DateTimeOffset now, Action<JsonObject>? change = null)
    {
        var claims = Marked(now);
        change?.Invoke(claims);
        return claims.ToJsonString();
    }

    private static string Changed(DateTimeOffset now, Action<JsonObject> change) =>
        Sign(GoodHeader, Claims(now, change));

    private static string Raw(string header, string claims) => Sign(header, claims);

    private static string With(DateTimeOffset now, string member) => $"{Claims(now)[..^1]},{member}}}";

    private static JsonObject With(JsonObject json, string name, JsonNode value)
    {
        json[name] = value;
        return json;
    }

    private static string Alg(DateTimeOffset now, string? alg)
    {
        var header = Header();
        header["alg"] = alg;
        return Sign(header.ToJsonString(), Claims(now), alg ?? "");
    }

    private static string Kid(DateTimeOffset now, JsonNode? kid)
    {
        var header = Header();
        header["kid"] = kid;
        return Sign(header.ToJsonString(), Claims(now));
    }

    private static string Part(string token, int index, string text)
    {
        var parts = token.Split('.');
        parts[index] = text;
        return string.Join('.', parts);
    }

    private static long Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds();

    private static string InvalidUtf8(DateTimeOffset now)
    {
        var claims = Encoding.UTF8.GetBytes(With(now, "\"x\":\"##\""));
        claims[Array.LastIndexOf(claims, (byte)'#')] = 0xFF;
        return Sign(Encoding.UTF8.GetBytes(GoodHeader), claims);
    }

    private static string Strangers(DateTimeOffset now)
    {
        var token = Good(now);
        var signed = Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]);
        return Part(
            token,
            2,
            Base64Url.EncodeToString(StrangersRsa.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
        );
    }

    private static string DerSignature(DateTimeOffset now)
    {
        var token = Sign(Header("ES256", EcKeyId), Marked(now));
        var signed = Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]);
        return Part(
            token,
            2,
            Base64Url.EncodeToString(
                Ec.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
            )
        );
    }
}
