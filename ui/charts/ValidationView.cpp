#include "ui/charts/ValidationView.h"

#include "ui/charts/Chooser.h"
#include "ui/charts/PlotView.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace limpid {

ValidationView::ValidationView(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_choosers(new QWidget(this)),
      m_classes(new Chooser(theme, {"roc", "pr", "calibration", "confusion"}, {tr("ROC"), tr("PR"), tr("Calibration"), tr("Confusion")}, m_choosers)),
      m_numbers(new Chooser(theme, {"predicted", "residuals"}, {tr("Predicted"), tr("Residuals")}, m_choosers)), m_target(new QComboBox(m_choosers)), m_plot(new PlotView(theme, this)),
      m_why(new QLabel(this))
{
    auto* row = new QHBoxLayout(m_choosers);
    row->setContentsMargins(0, 0, 0, 0);
    m_target->setObjectName("pictureTarget");
    m_target->setAccessibleName(tr("Target that is shown"));
    m_target->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_target->setMinimumContentsLength(10);
    row->addWidget(m_target);
    connect(m_target, &QComboBox::activated, this, &ValidationView::showPlot);
    m_classes->setObjectName("picturesOfClasses");
    m_numbers->setObjectName("picturesOfNumbers");
    for (Chooser* chooser : {m_classes, m_numbers}) {
        row->addWidget(chooser);
        connect(chooser, &Chooser::chosen, this, [this](const QString& key) {
            showPlot();
            emit chosen(key);
        });
    }
    m_plot->setObjectName("picture");
    m_plot->setFills(true);
    m_why->setObjectName("pictureWhy");
    m_why->setProperty("role", "dim");
    m_why->setWordWrap(true);
    m_why->setAlignment(Qt::AlignCenter);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_plot, 1);
    layout->addWidget(m_why, 1);
    setPicture(nullptr);
}

Chooser* ValidationView::chooserNow() const { return m_picture && !m_picture->residuals.empty() ? m_numbers : m_classes; }

QString ValidationView::current() const { return chooserNow()->current(); }

void ValidationView::setCurrent(const QString& key)
{
    for (Chooser* chooser : {m_classes, m_numbers})
        chooser->setCurrent(key);
    showPlot();
}

void ValidationView::setPicture(PicturePtr picture, const QString& why)
{
    const bool same = picture && picture == m_picture;
    m_picture = std::move(picture);
    if (same)
        return;
    m_why->setText(why);
    QStringList targets;
    if (m_picture)
        for (const ResidualPicture& residuals : m_picture->residuals)
            targets << QString::fromStdString(residuals.name);
    QStringList before;
    for (int i = 0; i < m_target->count(); ++i)
        before << m_target->itemText(i);
    if (targets != before) { // else the choice stays
        m_target->clear();
        m_target->addItems(targets);
    }
    showPlot();
}

void ValidationView::showPlot()
{
    const bool empty = !m_picture || (m_picture->residuals.empty() && m_picture->classes.empty());
    m_choosers->setVisible(!empty);
    m_classes->setVisible(chooserNow() == m_classes);
    m_numbers->setVisible(chooserNow() == m_numbers);
    m_target->setVisible(m_target->count() > 1);
    const auto target = static_cast<std::size_t>(std::max(0, m_target->currentIndex()));
    m_plot->setVisible(!empty);
    m_why->setVisible(empty);
    if (empty) {
        m_plot->setPlot(nullptr);
        return;
    }
    const QString key = current();
    if (key == QLatin1String("roc")) {
        m_plot->setPlot(makeRocPlot(m_picture));
    } else if (key == QLatin1String("pr")) {
        m_plot->setPlot(makePrecisionRecallPlot(m_picture));
    } else if (key == QLatin1String("calibration")) {
        m_plot->setPlot(makeCalibrationPlot(m_picture));
    } else if (key == QLatin1String("confusion")) {
        QStringList names;
        for (const std::string& name : m_picture->names)
            names << QString::fromStdString(name);
        const bool several = m_picture->confusion.empty();
        m_plot->setPlot(several ? nullptr : makeConfusionPlot(m_picture->confusion, names));
        m_plot->setVisible(!several);
        if (several)
            m_why->setText(tr("Several targets have no confusion matrix: a row may be right for one and wrong for another."));
        m_why->setVisible(several);
    } else if (key == QLatin1String("predicted")) {
        m_plot->setPlot(makePredictedPlot(m_picture, target));
    } else {
        m_plot->setPlot(makeResidualPlot(m_picture, target));
    }
    m_plot->setAccessibleName(key);
}

} // namespace limpid
