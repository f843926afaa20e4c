using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace OpenPresence.Server.Tls;

/// <summary>
/// The extension that says for which names an authority may speak (RFC 5280, 4.2.1.10): those listed and no
/// others. The framework can neither write nor read it.
/// </summary>
internal static class NameConstraints
{
    public const string Oid = "2.5.29.30";

    private static readonly Asn1Tag PermittedSubtrees = new(TagClass.ContextSpecific, 0, true);
    private static readonly Asn1Tag DnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag IpAddress = new(TagClass.ContextSpecific, 7);

    /// <summary>Only these names and what lies below them, only these addresses.</summary>
    public static X509Extension Permit(OwnNames names)
    {
        var output = new AsnWriter(AsnEncodingRules.DER);
        using (output.PushSequence())
        using (output.PushSequence(PermittedSubtrees))
        {
            foreach (var host in names.Hosts)
            {
                using (output.PushSequence())
                {
                    output.WriteCharacterString(UniversalTagNumber.IA5String, Bare(host), DnsName);
                }
            }

            foreach (var address in names.Addresses)
            {
                using (output.PushSequence())
                {
                    output.WriteOctetString(WithFullMask(address), IpAddress);
                }
            }
        }

        return new X509Extension(Oid, output.Encode(), critical: true);
    }

    /// <summary>Whether the certificate's extension lists all of these; without one it does not count.</summary>
    public static bool Permits(X509Certificate2 certificate, OwnNames names)
    {
        var extension = certificate.Extensions.FirstOrDefault(e => e.Oid?.Value == Oid);
        if (extension is null)
        {
            return false;
        }

        var hosts = new HashSet<string>(StringComparer.Ordinal);
        var addresses = new HashSet<string>(StringComparer.Ordinal);
        var input = new AsnReader(extension.RawData, AsnEncodingRules.DER)
            .ReadSequence()
            .ReadSequence(PermittedSubtrees);
        while (input.HasData)
        {
            var subtree = input.ReadSequence();
            if (subtree.PeekTag().HasSameClassAndValue(DnsName))
            {
                hosts.Add(subtree.ReadCharacterString(UniversalTagNumber.IA5String, DnsName));
            }
            else
            {
                addresses.Add(Convert.ToHexString(subtree.ReadOctetString(IpAddress)));
            }
        }

        return names.Hosts.All(host => hosts.Contains(Bare(host)))
            && names.Addresses.All(a => addresses.Contains(Convert.ToHexString(WithFullMask(a))));
    }

    // A constraint covers what lies below a name, so a wildcard stands in it without its star.
    private static string Bare(string host) => host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;

    private static byte[] WithFullMask(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return [.. bytes, .. Enumerable.Repeat((byte)0xFF, bytes.Length)];
    }
}
