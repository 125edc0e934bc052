#include "ui/charts/Chooser.h"

#include "ui/charts/Segmented.h"

#include <QComboBox>
#include <QResizeEvent>

#include <algorithm>

namespace limpid {

Chooser::Chooser(const Theme& theme, const QStringList& keys, const QStringList& texts, QWidget* parent)
    : QWidget(parent), m_buttons(new Segmented(theme, keys, texts, this)), m_list(new QComboBox(this))
{
    for (qsizetype i = 0; i < keys.size(); ++i)
        m_list->addItem(texts.value(i), keys[i]);
    m_list->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_list->hide();
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(m_buttons, &Segmented::chosen, this, [this](const QString& key) {
        m_list->setCurrentIndex(m_list->findData(key));
        emit chosen(key);
    });
    connect(m_list, &QComboBox::activated, this, [this](int index) {
        m_buttons->setCurrent(m_list->itemData(index).toString());
        emit chosen(current());
    });
}

QString Chooser::current() const { return m_list->currentData().toString(); }

bool Chooser::has(const QString& key) const { return m_list->findData(key) >= 0; }

void Chooser::setCurrent(const QString& key)
{
    if (!has(key))
        return;
    m_buttons->setCurrent(key);
    m_list->setCurrentIndex(m_list->findData(key));
}

QSize Chooser::sizeHint() const { return m_buttons->sizeHint(); }

QSize Chooser::minimumSizeHint() const { return m_list->sizeHint(); }

void Chooser::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const bool roomy = width() >= m_buttons->sizeHint().width();
    m_buttons->setVisible(roomy);
    m_list->setVisible(!roomy);
    m_buttons->setGeometry(rect());
    const int list = std::min(width(), m_list->sizeHint().width()); // at the right, as the other controls of a title row
    m_list->setGeometry(width() - list, 0, list, height());
}

} // namespace limpid
