#include "ui/session/KeptTexts.h"

#include "ui/text/Messages.h"
#include "ui/text/MethodTexts.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace limpid {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("Kept", text); }
QString countOf(std::size_t count) { return countText(static_cast<qint64>(count)); }

QString fileOf(const KeptQuestion& question) { return QString::fromStdU16String(question.path.filename().u16string()); }

} // namespace

QString keptMethodText(const KeptQuestion& question)
{
    const QString method = methodName(question.request.method);
    return question.words ? tr("%1, words of “%2”").arg(method, QString::fromStdString(question.words->column)) : method;
}

QString keptRowsText(const KeptQuestion& question)
{
    const std::size_t begin = question.request.rowBegin, end = question.request.rowEnd;
    return end == begin + 1 ? tr("row %1 of %2").arg(countOf(begin), fileOf(question))
                            : tr("rows %1 to %2 of %3").arg(countOf(begin), countOf(std::max<std::size_t>(end, 1) - 1), fileOf(question));
}

QString keptDateText(std::int64_t ms) { return QLocale().toString(QDateTime::fromMSecsSinceEpoch(ms), QLocale::ShortFormat); }

} // namespace limpid
