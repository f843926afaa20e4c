using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BenchmarkDotNet.Attributes;
using OpenPresence.Server.Graph.Presences;
using OpenPresence.Server.State.Presences;
using OpenPresence.Server.Webhooks.Delivery;

namespace OpenPresence.Bench.Inner;

/// <summary>Composing the presences of an answer, and encrypting one for a notification.</summary>
[MemoryDiagnoser]
public class AnswerLoops
{
    private const int ItemBytes = 200;
    private readonly PersonEntry[] people =
    [
        .. Enumerable
            .Range(0, BulkIds.PerRequest)
            .Select(i => new PersonEntry(BenchIds.Person(i), i, 1, (byte)(i % PairNumbers.Count), PersonFlags.None, i)),
    ];

    private readonly byte[] target = new byte[BulkIds.PerRequest * 512];
    private readonly byte[] item = new byte[ItemBytes];
    private PresenceCipher cipher = null!;

    [GlobalSetup]
    public void MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=bench", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch.AddYears(100)
        );
        cipher = new PresenceCipher([.. certificate.RawData], "bench");
    }

    [Benchmark]
    public int Compose_650()
    {
        var templates = PresenceTemplates.Of(PresenceMembers.All);
        var at = 0;
        foreach (ref readonly var person in people.AsSpan())
        {
            at += templates.For(person).Write(target.AsSpan(at), person);
        }
        return at;
    }

    [Benchmark]
    public int Encrypt_one() => cipher.Encrypt(item).Data.Length;
}
