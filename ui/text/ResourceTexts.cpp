#include "ui/text/ResourceTexts.h"

#include "ui/text/Messages.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

namespace limpid {

namespace {

QString translated(const char* text) { return QCoreApplication::translate("ResourceTexts", text); }

QString cpuText(const Figure& seconds)
{
    if (seconds.kind == FigureKind::Unavailable)
        return translated(QT_TRANSLATE_NOOP("ResourceTexts", "CPU time: not available on this system"));
    return translated(QT_TRANSLATE_NOOP("ResourceTexts", "CPU time: %1")).arg(durationText(seconds.value));
}

QString memoryText(const ResourceUse& use)
{
    if (use.peakBytes.kind == FigureKind::Unavailable)
        return translated(QT_TRANSLATE_NOOP("ResourceTexts", "memory: not available on this system"));
    if (use.peakBytes.value <= 0.0)
        return translated(QT_TRANSLATE_NOOP("ResourceTexts", "memory: no more than before"));
    const char* text = use.shared ? QT_TRANSLATE_NOOP("ResourceTexts", "memory: at most %1 more, with the jobs beside it")
                                  : QT_TRANSLATE_NOOP("ResourceTexts", "memory: at most %1 more");
    return translated(text).arg(bytesText(static_cast<quint64>(use.peakBytes.value)));
}

QString energyLine(const ResourceUse& use)
{
    const Figure& joules = use.joules;
    switch (joules.kind) {
    case FigureKind::Unavailable:
        return translated(QT_TRANSLATE_NOOP("ResourceTexts", "energy: not available on this machine"));
    case FigureKind::Estimated:
        return translated(QT_TRANSLATE_NOOP("ResourceTexts", "energy: about %1, estimated from the processor's design power (at most %2)"))
            .arg(energyText(joules.value), energyText(joules.high));
    case FigureKind::Measured:
        break;
    }
    return translated(QT_TRANSLATE_NOOP("ResourceTexts", "energy: %1 by its share of the processor's, measured (between %2 and %3)"))
        .arg(energyText(joules.value), energyText(joules.low), energyText(joules.high));
}

} // namespace

QString energyText(double joules)
{
    if (joules < 1000.0)
        return translated(QT_TRANSLATE_NOOP("ResourceTexts", "%1 J")).arg(numberText(joules));
    return translated(QT_TRANSLATE_NOOP("ResourceTexts", "%1 Wh")).arg(numberText(joules / 3600.0));
}

QString useText(const ResourceUse& use)
{
    return QStringList{cpuText(use.cpuSeconds), memoryText(use), energyLine(use)}.join(QStringLiteral(" · "));
}

QString costText(quint64 bytes, std::optional<double> error)
{
    QStringList parts;
    if (bytes > 0)
        parts << translated(QT_TRANSLATE_NOOP("ResourceTexts", "memory about %1")).arg(bytesText(bytes));
    if (error && *error > 0.0)
        parts << translated(QT_TRANSLATE_NOOP("ResourceTexts", "expected error %1 %")).arg(QLocale().toString(100.0 * *error, 'g', 2));
    return parts.join(translated(QT_TRANSLATE_NOOP("ResourceTexts", ", ")));
}

QString costHelp()
{
    return translated(QT_TRANSLATE_NOOP("ResourceTexts", "Estimated by a short trial on this machine. Error: how far the values will be from those of an unlimited budget, as a share of their size; a larger budget makes it smaller."));
}

} // namespace limpid
