#include "app/cli/ProgressLine.h"

#include "app/cli/Output.h"
#include "ui/text/Messages.h"

#include <algorithm>
#include <cstdio>

#ifndef _WIN32
#include <sys/ioctl.h>
#endif

namespace limpid {

namespace {

constexpr double terminalPause = 0.1; // seconds between redraws
constexpr double plainPause = 2.0;

int terminalWidth()
{
#ifndef _WIN32
    winsize size{};
    if (ioctl(2, TIOCGWINSZ, &size) == 0 && size.ws_col > 20)
        return size.ws_col;
#endif
    return 80;
}

void write(const QString& text)
{
    const QByteArray bytes = text.toUtf8();
    std::fwrite(bytes.constData(), 1, static_cast<std::size_t>(bytes.size()), stderr);
    std::fflush(stderr);
}

} // namespace

ProgressLine::ProgressLine(const CliContext& context, QString what, double total, QString unit)
    : m_silent(context.quiet), m_terminal(isTerminal(2)), m_what(std::move(what)), m_unit(std::move(unit)), m_total(total)
{
}

ProgressLine::~ProgressLine()
{
    if (m_drawn && m_terminal)
        write(QStringLiteral("\r\x1b[K"));
}

Task::Listener ProgressLine::listener()
{
    return [this](const Task::Progress& progress) { update(progress.fraction, stageText(progress.stage)); };
}

void ProgressLine::setFigures(const QString& figures)
{
    const std::lock_guard lock(m_mutex);
    m_figures = figures;
    show(false);
}

void ProgressLine::update(double fraction, const QString& stage)
{
    const std::lock_guard lock(m_mutex);
    m_fraction = fraction;
    if (!stage.isEmpty())
        m_stage = stage;
    show(false);
}

void ProgressLine::show(bool force)
{
    if (m_silent)
        return;
    const double now = m_watch.seconds();
    if (!force && now - m_lastShown < (m_terminal ? terminalPause : plainPause))
        return;
    m_lastShown = now;
    QString line = text();
    if (m_terminal)
        write(QStringLiteral("\r\x1b[K") + line.left(terminalWidth() - 1));
    else
        write(line + u'\n');
    m_drawn = true;
}

QString ProgressLine::text() const
{
    QStringList parts{m_what};
    if (!m_stage.isEmpty() && m_stage != m_what)
        parts << m_stage;
    if (m_fraction >= 0.0)
        parts << QStringLiteral("%1 %").arg(int(std::clamp(m_fraction, 0.0, 1.0) * 100.0));
    if (!m_figures.isEmpty())
        parts << m_figures;
    const double seconds = m_watch.seconds();
    if (m_fraction > 0.0 && seconds > 0.2) {
        if (m_total > 0.0)
            parts << QStringLiteral("%1 %2/s").arg(countText(qint64(m_fraction * m_total / seconds)), m_unit);
        // The estimate from the rate so far is wild at the very start.
        if (m_fraction > 0.01 && m_fraction < 1.0)
            parts << QStringLiteral("%1 left").arg(durationText(seconds * (1.0 - m_fraction) / m_fraction));
    } else {
        parts << durationText(seconds);
    }
    return parts.join(QStringLiteral("  "));
}

} // namespace limpid
