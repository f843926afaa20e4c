using System.Net.Sockets;
using System.Text;

namespace OpenPresence.Bench.Peers;

/// <summary>As much of XMPP as somebody needs to be online: sign in, bind, say how one is, stay (RFC 6120, RFC 6121).</summary>
internal sealed class XmppClient : IDisposable
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    private readonly TcpClient connection = new();
    private readonly StringBuilder heard = new();

    /// <summary>Brings a user online; the server has told him that he is when this ends.</summary>
    public static async Task<XmppClient> ShowAsync(
        int port,
        string domain,
        string user,
        string password,
        string show,
        CancellationToken cancel
    )
    {
        var client = new XmppClient();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(AnswerWithin);
        await client.connection.ConnectAsync("127.0.0.1", port, limit.Token);
        var secret = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{password}"));
        var opening =
            $"<stream:stream to='{domain}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";
        await client.SayAsync(opening, "</stream:features>", limit.Token);
        await client.SayAsync(
            $"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{secret}</auth>",
            "<success",
            limit.Token
        );
        await client.SayAsync(opening, "</stream:features>", limit.Token);
        await client.SayAsync(
            "<iq type='set' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
            "</iq>",
            limit.Token
        );
        await client.SayAsync($"<presence><show>{show}</show></presence>", "</presence>", limit.Token);
        return client;
    }

    public void Dispose() => connection.Dispose();

    /// <summary>Sends, and reads until a text has come.</summary>
    private async Task SayAsync(string text, string until, CancellationToken cancel)
    {
        var stream = connection.GetStream();
        heard.Clear();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancel);
        var buffer = new byte[4096];
        while (!heard.ToString().Contains(until, StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer, cancel);
            if (count == 0)
            {
                throw new InvalidOperationException($"the server hung up: {heard}");
            }
            heard.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
    }
}
