using System.Buffers.Text;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Keys;

namespace OpenPresence.Server.Tests.Identity;

public sealed class JsonWebKeysTests
{
    [Fact]
    public void RSA_and_P256_keys_verify_what_their_owner_signed()
    {
        var keys = Read(LoopbackProvider.RsaKey("r", TokenWorkshop.Rsa), LoopbackProvider.EcKey("e", TokenWorkshop.Ec));
        byte[] data = [1, 2, 3];
        foreach (var (alg, id) in new[] { ("RS256", "r"), ("PS256", "r"), ("ES256", "e") })
        {
            var signature = TokenWorkshop.Signature(data, alg);
            Assert.True(SignatureAlgorithms.Verify(alg, keys[id], data, signature));
            data[0]++;
            Assert.False(SignatureAlgorithms.Verify(alg, keys[id], data, signature));
        }
    }

    [Fact]
    public void A_key_is_used_for_no_other_algorithm_than_its_own()
    {
        var json = LoopbackProvider.RsaKey("r", TokenWorkshop.Rsa);
        json["alg"] = "RS256";
        var key = Read(json)["r"];
        byte[] data = [1];
        var pss = TokenWorkshop.Signature(data, "PS256");
        Assert.False(SignatureAlgorithms.Verify("PS256", key, data, pss));
        Assert.True(SignatureAlgorithms.Verify("PS256", key with { Algorithm = null }, data, pss));
    }

    public static TheoryData<string, string> Unusable { get; } =
        new()
        {
            { "no kid", """{"kty":"RSA","n":"AQAB","e":"AQAB"}""" },
            { "a symmetric key", """{"kty":"oct","kid":"k","k":"AAAA"}""" },
            { "an Edwards key", """{"kty":"OKP","kid":"k","crv":"Ed25519","x":"AAAA"}""" },
            { "a key for encryption", With("use", "enc") },
            { "no base64url", With("n", "?") },
            { "impossible base64url", With("n", "AAAAA") },
            { "no modulus", With("n", null) },
            { "a modulus that is a number", With("n", 7) },
            { "a weak modulus", With("n", Text(RSA.Create(1024).ExportParameters(false).Modulus!)) },
            { "a huge modulus", With("n", Text(new byte[2000])) },
            { "a huge exponent", With("e", Text(new byte[200])) },
            { "a point beside the curve", Ec("P-256", new byte[32]) },
            { "another curve", Ec("P-384", new byte[48]) },
            { "a short coordinate", Ec("P-256", new byte[8]) },
            { "no object", "7" },
        };

    [Theory]
    [MemberData(nameof(Unusable))]
    public void What_cannot_be_used_is_left_out_and_spoils_nothing(string what, string json)
    {
        Assert.NotEmpty(what);
        var good = LoopbackProvider.RsaKey("good", TokenWorkshop.Rsa).ToJsonString();
        var keys = JsonWebKeys.Read(Encoding.UTF8.GetBytes($"{{\"keys\":[{json},{good}]}}"));
        Assert.Equal(["good"], keys.Keys);
    }

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"keys":{}}""")]
    public void What_is_no_key_set_is_said_to_be_none(string text) =>
        Assert.ThrowsAny<JsonException>(() => JsonWebKeys.Read(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Of_two_keys_of_one_id_the_first_counts()
    {
        var keys = Read(LoopbackProvider.RsaKey("k", TokenWorkshop.Rsa), LoopbackProvider.EcKey("k", TokenWorkshop.Ec));
        Assert.IsAssignableFrom<RSA>(Assert.Single(keys).Value.Key);
    }

    [Fact]
    public async Task One_key_serves_many_threads_at_once()
    {
        var keys = Read(LoopbackProvider.RsaKey("r", TokenWorkshop.Rsa), LoopbackProvider.EcKey("e", TokenWorkshop.Ec));
        byte[] data = [1, 2, 3];
        var (rsa, ec) = (TokenWorkshop.Signature(data, "RS256"), TokenWorkshop.Signature(data, "ES256"));
        var verdicts = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ =>
                    Task.Run(() =>
                        Enumerable
                            .Range(0, 200)
                            .All(_ =>
                                SignatureAlgorithms.Verify("RS256", keys["r"], data, rsa)
                                && SignatureAlgorithms.Verify("ES256", keys["e"], data, ec)
                                && !SignatureAlgorithms.Verify("ES256", keys["e"], data, rsa)
                            )
                    )
                )
        );
        Assert.All(verdicts, Assert.True);
    }

    private static FrozenDictionary<string, VerificationKey> Read(params JsonObject[] keys) =>
        JsonWebKeys.Read(Encoding.UTF8.GetBytes(LoopbackProvider.KeySetOf(keys)));

    private static string With(string name, JsonNode? value)
    {
        var key = LoopbackProvider.RsaKey("k", TokenWorkshop.Rsa);
        key[name] = value;
        return key.ToJsonString();
    }

    private static string Ec(string curve, byte[] coordinate)
    {
        var key = LoopbackProvider.EcKey("k", TokenWorkshop.Ec);
        key["crv"] = curve;
        key["x"] = Text(coordinate);
        key["y"] = Text(coordinate);
        return key.ToJsonString();
    }

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
