using System.Text;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Tests.Identity;

/// <summary>Seeded damage to good tokens: before they are signed, and after. A failure names its seed.</summary>
public sealed class MutatedTokenTests
{
    private const int Rounds = 3_000;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private const string JsonLetters = "0123456789\"\\{}[],:tfn-+.eE";

    private static readonly RefusalKind[] Allowed =
    [
        RefusalKind.TokenMissing,
        RefusalKind.TokenMalformed,
        RefusalKind.TokenExpired,
        RefusalKind.TokenNotYetValid,
        RefusalKind.TokenRejected,
        RefusalKind.PersonalAccount,
    ];

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private readonly AuthenticatorFixture _fixture = new();

    [Fact]
    public async Task A_token_that_was_changed_after_it_was_signed_is_never_accepted()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var good = TokenWorkshop.Sign(_fixture.PersonClaims());
        for (var round = 0; round < Rounds; round++)
        {
            var changed = Damage(good, random);
            if (changed.Length == good.Length && changed.StartsWith(good[..^1], Ordinal))
            {
                continue; // the last character has bits that are not part of the signature
            }
            var result = await _fixture.Authenticate(changed);
            Assert.True(
                result.Caller is null && Allowed.Contains(result.Refusal!.Kind),
                $"seed {seed}, round {round}: {changed}"
            );
        }
    }

    [Fact]
    public async Task Whatever_an_issuer_signs_is_judged_without_an_accident()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var header = TokenWorkshop.Header("ES256", TokenWorkshop.EcKeyId).ToJsonString();
        var claims = _fixture.PersonClaims().ToJsonString();
        for (var round = 0; round < Rounds; round++)
        {
            var (changedHeader, changedClaims) =
                random.Next(4) == 0
                    ? (DamageBytes(header, random), Encoding.UTF8.GetBytes(claims))
                    : (Encoding.UTF8.GetBytes(header), DamageBytes(claims, random));
            var token = TokenWorkshop.Sign(changedHeader, changedClaims, "ES256");
            try
            {
                var result = await _fixture.Authenticate(token);
                Assert.True(
                    result.Caller is not null ^ result.Refusal is not null,
                    $"seed {seed}, round {round}: {token}"
                );
            }
            catch (Exception accident) when (accident is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}, round {round}: {token}\n{accident}");
            }
        }
    }

    private static string Damage(string text, Random random)
    {
        var at = random.Next(text.Length);
        var letter = Alphabet[random.Next(Alphabet.Length)];
        return random.Next(6) switch
        {
            0 => text[..at],
            1 => text.Remove(at, 1),
            2 => text.Insert(at, $"{letter}"),
            3 => text.Insert(at, "."),
            4 => text[..at] + text[random.Next(text.Length)..],
            _ => $"{text[..at]}{letter}{text[(at + 1)..]}",
        };
    }

    private static byte[] DamageBytes(string json, Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(json).ToList();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes.RemoveAt(at);
                    break;
                case 1:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 2:
                    bytes.InsertRange(at, @"\ud800"u8.ToArray());
                    break;
                default:
                    bytes[at] = (byte)JsonLetters[random.Next(JsonLetters.Length)];
                    break;
            }
        }
        return [.. bytes];
    }
}
