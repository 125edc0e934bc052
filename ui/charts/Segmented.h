#pragma once

#include "ui/theme/Theme.h"

#include <QWidget>

class QButtonGroup;

namespace limpid {

/// A row of joined buttons of which one is chosen: the small switches in a card's title row. Arrow keys move the choice.
class Segmented : public QWidget
{
    Q_OBJECT
public:
    /// `keys` name the choices in the program (and are the buttons' object names), `texts` name them to people.
    Segmented(const Theme& theme, const QStringList& keys, const QStringList& texts, QWidget* parent = nullptr);

    QString current() const;
    void setCurrent(const QString& key);   ///< without a signal; an unknown key changes nothing

signals:
    void chosen(const QString& key);       ///< by the user

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QButtonGroup* m_buttons;
};

} // namespace limpid
