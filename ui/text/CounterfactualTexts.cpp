#include "ui/text/CounterfactualTexts.h"

#include "ui/text/Messages.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace limpid {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("Counterfactuals", text); }

QString percentText(double share)
{
    return tr("%1 %").arg(QLocale().toString(share * 100.0, 'f', 1));
}

} // namespace

QString predictionText(TaskKind task, const std::string& predicted, const std::vector<double>& outputs, std::size_t output)
{
    if (predicted.empty())
        return numberText(outputs[output]);
    double share = 0.0;
    if (task == TaskKind::MultiLabel) // the probability of the second label is what is known
        share = std::max(outputs[output], 1.0 - outputs[output]);
    else
        share = *std::max_element(outputs.begin(), outputs.end());
    return QStringLiteral("%1 · %2").arg(QString::fromStdString(predicted), percentText(share));
}

QString noAlternativeText(const std::string& reason, TaskKind task, const std::vector<std::string>& names, std::size_t output,
                          const std::vector<double>& closest)
{
    if (reason == "already-reached")
        return tr("The row is predicted like this as it is: nothing has to change.");
    if (reason == "nothing-free")
        return tr("No column may change: all are locked, texts, or without values in the observed rows. Unlock some.");
    if (reason == "stopped")
        return tr("Stopped before an alternative was found.");
    QString text = tr("No change of the free columns within what was observed gives the wanted prediction.");
    if (!closest.empty() && (task == TaskKind::Regression || task == TaskKind::MultiRegression))
        text += tr(" The nearest prediction that was reached is %1.").arg(numberText(closest[output]));
    else if (!closest.empty())
        text += tr(" The nearest that was reached gives “%1” %2.").arg(QString::fromStdString(names[output]), percentText(closest[output]));
    return text + tr(" Unlock columns, or ask for less.");
}

QString unusualPairText(qsizetype alternative, const QString& first, const QString& second, qint64 together, qint64 rows)
{
    return tr("Alternative %1 is unlike the data: “%2” and “%3” stand together in %4 of %5 observed rows.")
        .arg(QString::number(alternative), first, second, countText(together), countText(rows));
}

} // namespace limpid
