using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace OpenPresence.Server.Connections;

/// <summary>
/// The sockets that new connections come in by, and the connections that came. A stop closes the doors before it closes
/// the sockets: whoever connects from then on is not answered, tries again, finds nobody, and goes to another
/// node with nothing sent. Those who are in already are served.
///
/// Closing a listening socket alone loses requests: connections that the system has accepted and the server has
/// not are reset, with a request on them more often than not, and a balancer must not send a POST twice. So on
/// Linux a filter first drops the packets that would open a connection (only those: a handshake that is half done
/// goes on). Elsewhere the doors stay open until the end, and a connection of the last microseconds may be lost.
/// </summary>
public sealed class Doors
{
    private readonly List<Socket> sockets = [];
    private int connections;

    /// <summary>Connections that are open.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <summary>Whether everybody has left, those included whom nobody has greeted yet.</summary>
    public bool IsEmpty => Connections == 0 && sockets.TrueForAll(socket => Waiting(socket) == 0);

    /// <summary>Makes a socket to listen on as the framework would.</summary>
    public Socket Open(System.Net.EndPoint at)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(at);
        sockets.Add(socket);
        return socket;
    }

    /// <summary>Counts a connection for as long as it is open.</summary>
    public ConnectionDelegate Count(ConnectionDelegate next) =>
        async connection =>
        {
            Interlocked.Increment(ref connections);
            try
            {
                await next(connection);
            }
            finally
            {
                Interlocked.Decrement(ref connections);
            }
        };

    /// <summary>Lets no new connection in.</summary>
    public void Close()
    {
        if (OperatingSystem.IsLinux())
        {
            sockets.ForEach(DropNewcomers);
        }
    }

    /// <summary>Connections that the system has accepted, and the server not yet.</summary>
    private static int Waiting(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }
        Span<byte> info = stackalloc byte[64];
        var bytes = socket.GetRawSocketOption(TcpLevel, TcpInfo, info);
        return bytes < TcpInfoUnacked + sizeof(int)
            ? 0
            : BinaryPrimitives.ReadInt32LittleEndian(info[TcpInfoUnacked..]);
    }

    // Of <linux/tcp.h>: for a socket that listens, "unacked" is how many connections wait for it.
    private const int TcpLevel = 6;
    private const int TcpInfo = 11;
    private const int TcpInfoUnacked = 24;

    // Of <asm-generic/socket.h> and <linux/filter.h>.
    private const int SocketLevel = 1;
    private const int AttachFilter = 26;

    /// <summary>A packet of TCP is dropped if of SYN and ACK it has the first alone.</summary>
    private static readonly ulong[] SynFilter =
    [
        Instruction(0x30, 0, 0, 13), // load the byte with the flags
        Instruction(0x54, 0, 0, 0x12), // keep SYN and ACK
        Instruction(0x15, 0, 1, 0x02), // SYN alone?
        Instruction(0x06, 0, 0, 0), // yes: drop it
        Instruction(0x06, 0, 0, uint.MaxValue), // no: let it pass
    ];

    private static ulong Instruction(ushort code, byte ifTrue, byte ifFalse, uint value) =>
        code | ((ulong)ifTrue << 16) | ((ulong)ifFalse << 24) | ((ulong)value << 32);

    private static unsafe void DropNewcomers(Socket socket)
    {
        fixed (ulong* program = SynFilter)
        {
            var filter = new FilterProgram((ushort)SynFilter.Length, program);
            socket.SetRawSocketOption(
                SocketLevel,
                AttachFilter,
                new ReadOnlySpan<byte>(&filter, sizeof(FilterProgram))
            );
        }
    }

    /// <summary>The system's <c>sock_fprog</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly unsafe struct FilterProgram(ushort length, ulong* instructions)
    {
        private readonly ushort length = length;
        private readonly ulong* instructions = instructions;
    }
}
